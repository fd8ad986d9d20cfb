package dev.llmproxy.micrometer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The dashboard as Grafana reads it. */
record Dashboard(Json content) {
    static Dashboard read() throws IOException {
        return new Dashboard(Json.of(Files.readString(Path.of("grafana/llmproxy-overview.json"))));
    }

    List<Json> panels() {
        return content.list("panels");
    }

    /** Returns the panels that show something. */
    List<Json> charts() {
        return panels().stream().filter(panel -> panel.has("targets")).toList();
    }

    /** Returns all queries as Grafana writes them. */
    List<String> queries() {
        return charts().stream()
                .flatMap(panel -> panel.list("targets").stream())
                .map(target -> target.text("expr"))
                .toList();
    }

    /** Returns all queries with values for Grafana's variables. */
    List<String> filledQueries() {
        return queries().stream()
                .map(query -> query.replace("$__rate_interval", "1m")
                        .replace("$__range", "5m")
                        .replace("$job", ".*")
                        .replace("$model", ".*"))
                .toList();
    }
}
