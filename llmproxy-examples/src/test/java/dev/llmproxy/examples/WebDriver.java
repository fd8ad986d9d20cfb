package dev.llmproxy.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A chromedriver of its own, spoken to in the W3C WebDriver protocol: https://www.w3.org/TR/webdriver2/. */
final class WebDriver implements AutoCloseable {
    private static final JsonAdapter<Object> JSON =
            new Moshi.Builder().build().adapter(Object.class).serializeNulls();
    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final String base;

    private WebDriver(Process process, int port) {
        this.process = process;
        this.base = "http://127.0.0.1:" + port;
    }

    static WebDriver start() throws IOException {
        Process process = new ProcessBuilder("chromedriver", "--port=0")
                .redirectErrorStream(true)
                .start();
        BufferedReader out = process.inputReader(UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                return new WebDriver(process, Integer.parseInt(started.group(1)));
            }
        }
        process.destroyForcibly();
        throw new IOException("chromedriver does not start");
    }

    Object post(String path, Map<String, ?> body) {
        return send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(JSON.toJson(body))), path);
    }

    Object get(String path) {
        return send(HttpRequest.newBuilder().GET(), path);
    }

    Object delete(String path) {
        return send(HttpRequest.newBuilder().DELETE(), path);
    }

    private Object send(HttpRequest.Builder request, String path) {
        try {
            HttpResponse<String> response = http.send(
                    request.uri(URI.create(base + path)).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new AssertionError(path + ": " + response.body());
            }
            Map<?, ?> answer = (Map<?, ?>) Objects.requireNonNull(JSON.fromJson(response.body()));
            Object value = answer.get("value");
            return value == null ? Map.of() : value;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(path, e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
