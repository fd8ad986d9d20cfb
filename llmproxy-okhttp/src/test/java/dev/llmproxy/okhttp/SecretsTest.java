package dev.llmproxy.okhttp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.fake.Canary;
import dev.llmproxy.fake.CapturedLog;
import dev.llmproxy.logging.Logging;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whatever a provider echoes, in whatever spelling: no key and no prompt gets into a log at any level, a recording of the
 * flight recorder, an event, an exception or a report.
 */
class SecretsTest extends OkHttpTest {
    private static final Canary KEY = Canary.of("sk-canary7f3a9c2e5b8d1f4a6c0e9b2d", 12);
    private static final Canary PROMPT = Canary.of("xylophone quagmire about vermilion tulips", 12);
    private static final Recording RECORDING = new Recording();

    @TempDir
    Path directory;

    private final CapturedLog log = CapturedLog.of(Logger.ROOT_LOGGER_NAME);
    private final List<Throwable> thrown = new ArrayList<>();

    /** Told by a test that makes sure that a leak would be found. */
    @Name("dev.llmproxy.okhttp.Planted")
    static final class Planted extends Event {
        String text = "";
    }

    @BeforeAll
    static void record() {
        for (String name : List.of("Call", "Attempt", "Fault", "LocalStall", "okhttp.Planted")) {
            RECORDING.enable("dev.llmproxy." + name).withoutThreshold();
        }
        RECORDING.start();
    }

    @AfterAll
    static void stopRecording() {
        RECORDING.close();
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    private LlmProxy.Builder secured(Logging logging) {
        return LlmProxy.builder()
                .logging(logging)
                .retry(Retry.attempts(2))
                .credentials(Credentials.bearer(provider.url(), ApiKey.of(KEY.text())));
    }

    private static Request asking(String url, String model) {
        return Calls.chat(url)
                .newBuilder()
                .header("X-Own-Key", KEY.text())
                .post(Calls.json(Calls.CHAT.replace(Calls.PROMPT, PROMPT.text()).replace("gpt-4o", model)))
                .build();
    }

    private void call(OkHttpClient client, Request request, Reply... replies) {
        provider.enqueue(replies);
        try (Response response = client.newCall(request).execute()) {
            var unused = response.body().string();
        } catch (IOException e) {
            thrown.add(e);
        }
    }

    private static String error(String text) {
        return "{\"error\":{\"message\":\"" + text + "\",\"type\":\"" + text + "\",\"code\":\"" + text + "\"}}";
    }

    private static List<String> spellings(String secret) {
        return List.of(
                secret, URLEncoder.encode(secret, UTF_8), Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)));
    }

    private void playAll(OkHttpClient client) {
        for (Canary canary : List.of(KEY, PROMPT)) {
            for (String echo : spellings(canary.text())) {
                for (int status : List.of(400, 401, 403, 404, 413)) {
                    call(client, asking(chatUrl(), "gpt-4o"), Reply.json(status, error(echo)));
                }
                call(
                        client,
                        asking(chatUrl(), "gpt-4o"),
                        Reply.json(503, error(echo)).header("retry-after-ms", "1"),
                        Reply.json(400, error(echo)));
            }
            String text = canary.text();
            Reply last = Reply.json(400, "{}");
            call(client, asking(chatUrl(), "gpt-4o"), Reply.json(200, error(text)), last);
            call(
                    client,
                    asking(chatUrl(), "gpt-4o"),
                    Reply.json(429, error(text)).header("retry-after-ms", "1"),
                    last);
            call(client, asking(chatUrl(), "gpt-4o"), Reply.json(200, Calls.ANSWER.replace("gpt-4o", text)));
            call(client, asking(chatUrl(), "gpt-4o"), Reply.json(200, Calls.ANSWER.replace("stop", text)));
            call(
                    client,
                    asking(chatUrl(), "gpt-4o"),
                    Reply.json(200, Calls.ANSWER).header("Server", text));
            call(
                    client,
                    asking(chatUrl(), "gpt-4o"),
                    Reply.json(200, Calls.ANSWER).header("x-request-id", text));
            call(client, asking(chatUrl(), KEY.text()), Reply.json(404, error("no such model")));
            call(client, asking(chatUrl() + "?key=" + URLEncoder.encode(text, UTF_8), "gpt-4o"), Reply.json(400, "{}"));
            call(
                    client,
                    asking(chatUrl(), "gpt-4o"),
                    Reply.json(200, "<html><title>" + text + "</title></html>").header("Content-Type", "text/html"),
                    Reply.sse(Calls.CHUNK, text));
        }
    }

    private String reports(LlmProxy proxy) throws IOException {
        Path page = directory.resolve("report.html");
        proxy.report().writeHtml(page);
        return proxy.report().toText() + proxy.report().toJson() + Files.readString(page);
    }

    private String recorded() throws IOException {
        Path file = directory.resolve("calls.jfr");
        RECORDING.dump(file);
        StringBuilder text = new StringBuilder(Files.readString(file, ISO_8859_1));
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            text.append(event);
        }
        return text.toString();
    }

    private String exceptions() {
        StringWriter text = new StringWriter();
        thrown.forEach(each -> each.printStackTrace(new PrintWriter(text)));
        return text.toString();
    }

    @Test
    void nothingOfAKeyOrAPromptIsInAnySink() throws IOException {
        LlmProxy proxy = proxy(secured(Logging.calls()));
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        closing(() -> Calls.release(client));
        playAll(client);
        assertThat(log.lines()).hasSizeGreaterThan(300).anyMatch(line -> line.startsWith("TRACE wire "));
        assertThat(thrown).isNotEmpty();
        String recorded = recorded();
        assertThat(recorded).contains("dev.llmproxy.Attempt", "auth.key-", "gpt-4o");
        String reports = reports(proxy);
        assertSoftly(softly -> {
            for (Canary canary : List.of(KEY, PROMPT)) {
                softly.assertThat(canary.in(log.everything())).as("log").isEmpty();
                softly.assertThat(canary.in(recorded)).as("flight recorder").isEmpty();
                softly.assertThat(canary.in(events.events().toString()))
                        .as("events")
                        .isEmpty();
                softly.assertThat(canary.in(exceptions())).as("exceptions").isEmpty();
                softly.assertThat(canary.in(reports)).as("reports").isEmpty();
            }
        });
    }

    @Test
    void whereBodiesAreLoggedTheyHaveThePromptAndNoKey() {
        OkHttpClient client = wrapped(secured(Logging.calls().bodies(16 << 10)));
        playAll(client);
        assertThat(PROMPT.in(log.everything())).isNotEmpty();
        assertThat(KEY.in(log.everything())).isEmpty();
    }

    @Test
    void aLeakWouldBeFound() throws IOException {
        Canary planted = Canary.of("marmalade periscope 5f0e8b1c", 12);
        LoggerFactory.getLogger("planted")
                .atTrace()
                .addKeyValue("key", planted.text())
                .log("a line");
        Planted event = new Planted();
        event.text = "x" + planted.text().substring(5, 20);
        event.commit();
        assertThat(planted.in(log.everything())).contains("marmalade pe");
        assertThat(planted.in(recorded())).isNotEmpty();
        for (String before : List.of("", "x", "xx")) {
            for (String echo : spellings(before + planted.text())) {
                assertThat(planted.in(echo)).as(echo).isNotEmpty();
            }
        }
    }
}
