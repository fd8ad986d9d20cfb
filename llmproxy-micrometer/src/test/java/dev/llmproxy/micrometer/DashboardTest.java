package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the dashboard and the rules to what the code measures: a name that is wrong shows nothing and says nothing. */
class DashboardTest {
    private static final Pattern METRIC = Pattern.compile("\\b(?:llmproxy|gen_ai_client)_[a-z_]+(?=[{\\[ )])");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=~|!=|!~|=)\"");
    private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\)");
    private static final Pattern CAUSE = Pattern.compile("cause(?:=~|=|!=)\"([^\"]*)\"");
    private static final int COLUMNS = 24;

    private static List<String> queries() throws IOException {
        List<String> all = new ArrayList<>(Dashboard.read().queries());
        Files.readString(Prometheus.RULES)
                .lines()
                .filter(line -> line.strip().startsWith("expr: "))
                .forEach(all::add);
        return all;
    }

    private static Set<String> names() {
        Set<String> names = new HashSet<>();
        for (LlmMeter meter : LlmMeter.values()) {
            String name = meter.meterName().replace('.', '_');
            Stream<String> all = switch (meter.kind()) {
                case COUNTER -> Stream.of(name + "_total");
                case GAUGE -> Stream.of(name);
                case TIMER -> series(name + "_seconds");
                case SUMMARY -> series(name);
            };
            all.forEach(names::add);
        }
        return names;
    }

    private static Stream<String> series(String name) {
        return Stream.of("_count", "_sum", "_bucket", "_max").map(ending -> name + ending);
    }

    @Test
    void everyNameOfAMetricIsOneOfTheCode() throws IOException {
        List<String> used = queries().stream()
                .flatMap(query -> METRIC.matcher(query).results())
                .map(found -> found.group())
                .filter(name -> !name.equals("gen_ai_request_model"))
                .toList();
        assertThat(used).hasSizeGreaterThan(50);
        assertThat(names()).containsAll(used);
    }

    @Test
    void everyMeterIsShown() throws IOException {
        String all = String.join("\n", Dashboard.read().queries());
        assertThat(LlmMeter.values())
                .allMatch(meter -> all.contains(meter.meterName().replace('.', '_')));
    }

    @Test
    void everyLabelIsATagOfTheCode() throws IOException {
        Set<String> known = new HashSet<>(Set.of("job", "instance", "le"));
        Stream.of(LlmTag.values()).map(tag -> tag.key().replace('.', '_')).forEach(known::add);
        for (String query : queries()) {
            assertThat(LABEL.matcher(query).results().map(found -> found.group(1)))
                    .as(query)
                    .allMatch(known::contains);
            assertThat(GROUPING.matcher(query)
                            .results()
                            .flatMap(found -> Stream.of(found.group(1).split(", "))))
                    .as(query)
                    .allMatch(known::contains);
        }
    }

    @Test
    void everyCauseIsOneOfTheTable() throws IOException {
        List<String> codes =
                Stream.of(FaultCause.values()).map(FaultCause::code).toList();
        for (String query : queries()) {
            CAUSE.matcher(query)
                    .results()
                    .flatMap(found ->
                            Stream.of(found.group(1).replace("\\\\", "\\").split("\\|(?![^(]*\\))")))
                    .forEach(cause -> assertThat(codes).as(cause).anyMatch(code -> code.matches(cause)));
        }
    }

    @Test
    void panelsHaveIdsOfTheirOwnATitleAndTheChosenDataSource() throws IOException {
        Dashboard dashboard = Dashboard.read();
        assertThat(dashboard.panels()).extracting(panel -> panel.number("id")).doesNotHaveDuplicates();
        assertThat(dashboard.panels()).noneMatch(panel -> panel.text("title").isEmpty());
        assertThat(dashboard.charts())
                .hasSizeGreaterThan(20)
                .allMatch(panel -> panel.at("datasource").text("uid").equals("${datasource}"))
                .noneMatch(panel -> panel.list("targets").isEmpty());
        assertThat(dashboard.content().text("uid")).isEqualTo("llmproxy-overview");
        assertThat(dashboard.content().number("schemaVersion")).isEqualTo(39);
    }

    @Test
    void panelsSayWhatTheyShowInWhichUnit() throws IOException {
        for (Json panel : Dashboard.read().charts()) {
            String title = panel.text("title");
            assertThat(panel.text("description")).as(title).isNotEmpty();
            assertThat(panel.at("fieldConfig").at("defaults").text("unit"))
                    .as(title)
                    .isNotEmpty();
            // A chart with one line is told by its title, several by their legends.
            if (panel.text("type").equals("timeseries")) {
                assertThat(panel.list("targets"))
                        .as(title)
                        .noneMatch(target -> target.text("legendFormat").isEmpty());
            }
        }
    }

    @Test
    void panelsLieBesideEachOther() throws IOException {
        Set<String> taken = new HashSet<>();
        for (Json panel : Dashboard.read().panels()) {
            Json place = panel.at("gridPos");
            int x = place.number("x");
            int y = place.number("y");
            assertThat(x + place.number("w")).isLessThanOrEqualTo(COLUMNS);
            for (int i = x; i < x + place.number("w"); i++) {
                for (int j = y; j < y + place.number("h"); j++) {
                    assertThat(taken.add(i + "," + j))
                            .as("%s at %s", panel.text("title"), place)
                            .isTrue();
                }
            }
        }
    }
}
