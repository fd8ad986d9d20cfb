package dev.llmproxy.micrometer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Prometheus that scrapes one application twice a second, with this module's rules. */
final class Prometheus {
    static final Path PROGRAM = Path.of("/usr/bin/prometheus");
    static final Path TOOL = Path.of("/usr/bin/promtool");
    static final String MISSING = "needs Debian's package prometheus (apt-get install prometheus)";
    static final Path RULES = Path.of("prometheus/llmproxy.rules.yml");
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final int port;

    private Prometheus(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    static Prometheus start(Path directory, int scraped) throws IOException {
        int port = freePort();
        Files.copy(RULES, directory.resolve("llmproxy.rules.yml"));
        Path settings = directory.resolve("prometheus.yml");
        Files.writeString(settings, """
                global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}
                rule_files: [llmproxy.rules.yml]
                scrape_configs:
                  - job_name: app
                    scrape_interval: 500ms
                    scrape_timeout: 500ms
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(scraped));
        Path log = directory.resolve("prometheus.log");
        Process process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--config.file=" + settings,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Prometheus(process, log, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Says whether it answers. */
    boolean isReady() throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IOException("Prometheus has ended:\n" + Files.readString(log));
        }
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (ConnectException e) {
            return false;
        }
    }

    /** Says whether a query has at least one series with a number. */
    boolean hasData(String query) throws IOException, InterruptedException {
        return data("/api/v1/query?query=" + URLEncoder.encode(query, UTF_8)).list("result").stream()
                .map(series -> series.list("value").get(1).value())
                .anyMatch(value -> !value.equals("NaN"));
    }

    /** Returns the rules as it has read them. */
    List<Json> rules() throws IOException, InterruptedException {
        return data("/api/v1/rules").list("groups").stream()
                .flatMap(group -> group.list("rules").stream())
                .toList();
    }

    private Json data(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        if (response.statusCode() != 200) {
            throw new IOException(path + ": " + response.body());
        }
        return Json.of(response.body()).at("data");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(ANSWER)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Ends it. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
