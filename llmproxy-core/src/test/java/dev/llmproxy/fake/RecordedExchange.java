package dev.llmproxy.fake;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.squareup.moshi.JsonReader;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import okio.Buffer;
import okio.ByteString;

/** One recorded call of a provider, where the recordings are at hand: they are no part of the project. */
public record RecordedExchange(String name, int status, String note, String observations, Path files) {
    /** Returns the folder of the recordings; where there is none the test is skipped. */
    public static Path folder() {
        Optional<Path> folder = found();
        assumeTrue(
                folder.isPresent(),
                "no recordings: no shared/fixtures/recorded in a folder above, no property llmproxy.fixtures");
        return folder.orElseThrow();
    }

    private static Optional<Path> found() {
        String property = System.getProperty("llmproxy.fixtures");
        if (property != null) {
            return Optional.of(Path.of(property));
        }
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .takeWhile(folder -> folder != null)
                .map(folder -> folder.resolve("shared/fixtures/recorded"))
                .filter(Files::isDirectory)
                .findFirst();
    }

    /** Returns all recordings; where there are none the test is skipped. */
    public static List<RecordedExchange> all() throws IOException {
        Path folder = folder();
        List<RecordedExchange> exchanges = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("index.jsonl"))) {
            Map<?, ?> entry = json(line);
            String name = text(entry, "name");
            int status = (int) Double.parseDouble(text(entry, "status"));
            exchanges.add(new RecordedExchange(
                    name, status, text(entry, "note"), text(entry, "observations"), folder.resolve(name)));
        }
        return exchanges;
    }

    /** Returns the cause of each refusal by its recording's name, as a person has read it in the body. */
    public static Map<String, FaultCause> causes() throws IOException {
        Map<String, FaultCause> causes = new TreeMap<>();
        try (InputStream in = RecordedExchange.class.getResourceAsStream("/recorded-causes.txt")) {
            String table = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            table.lines().forEach(line -> {
                int blank = line.indexOf(' ');
                causes.put(line.substring(blank).strip(), FaultCause.valueOf(line.substring(0, blank)));
            });
        }
        return causes;
    }

    /** Reads a JSON object. */
    public static Map<?, ?> json(String text) throws IOException {
        return (Map<?, ?>) Objects.requireNonNull(
                JsonReader.of(new Buffer().writeUtf8(text)).readJsonValue());
    }

    private static String text(Map<?, ?> json, String name) {
        return String.valueOf(json.get(name));
    }

    /** Returns the folder that the recording is in, named after dialect or server. */
    public String folderName() {
        return name.substring(0, name.indexOf('/'));
    }

    /** Says whether a provider sent it like this, as a success, and meant one. */
    public boolean isHealthy() {
        return status >= 200 && status < 300 && note.isEmpty() && !observations.contains("inband_error");
    }

    /** Says whether it is a call and not a query. */
    public boolean isCall() throws IOException {
        return request().method().equals("POST");
    }

    // Without the request nobody knows at which of Azure's paths the answer was given.
    public boolean isGuessedAzure() throws IOException {
        return folderName().equals("azure-openai") && recordedRequest().containsKey("request_not_recorded");
    }

    /** Says whether an error was seen in a success. */
    public boolean isMarkedAsError() {
        return observations.contains("inband_error") || observations.contains("error_in_200");
    }

    /** Returns the answer's body. */
    public ByteString answer() throws IOException {
        return ByteString.of(Files.readAllBytes(Path.of(files + ".body")));
    }

    /** Returns the answer's headers. */
    public LlmHeaders answerHeaders() throws IOException {
        List<String> namesAndValues = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(files + ".headers"))) {
            int colon = line.indexOf(':');
            namesAndValues.add(line.substring(0, colon));
            namesAndValues.add(line.substring(colon + 1).strip());
        }
        return LlmHeaders.received(namesAndValues.toArray(new String[0]));
    }

    private Map<?, ?> recordedRequest() throws IOException {
        return json(Files.readString(Path.of(files + ".request.json")));
    }

    /** Returns the request's body, if it was recorded. */
    public Optional<String> requestBody() throws IOException {
        return Optional.ofNullable((String) recordedRequest().get("body"));
    }

    /** Returns the request. */
    public LlmRequest request() throws IOException {
        Map<?, ?> recorded = recordedRequest();
        LlmRequest.Builder request = LlmRequest.builder(text(recorded, "method"), url(text(recorded, "uri")));
        requestBody().ifPresent(body -> request.body(LlmBody.of(ByteString.encodeUtf8(body), "application/json")));
        return request.build();
    }

    // Names that were taken out of the recordings are no characters of a URL.
    private static LlmUrl url(String uri) {
        return LlmUrl.of(uri.replace("<", "").replace(">", "").replace("%24", "$"));
    }

    /** Returns a part of a URL decoded. */
    public static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
