package dev.llmproxy.okhttp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.console.LlmProxyConsole;
import dev.llmproxy.fake.Canary;
import dev.llmproxy.fake.CapturedLog;
import dev.llmproxy.logging.Logging;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
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
 * flight recorder, an event, an exception, a report or the console.
 */
class SecretsTest extends OkHttpTest {
    private static final Canary KEY = Canary.of("sk-canary7f3a9c2e5b8d1f4a6c0e9b2d", 12);
    private static final Canary PROMPT = Canary.of("xylophone quagmire about vermilion tulips", 12);
    private static final Recording RECORDING = new Recording();

    @TempDir
    Path directory;

    private final CapturedLog log = CapturedLog.of(Logger.ROOT_LOGGER_NAME);
    private final List<Throwable> thrown = new ArrayList<>();
    private final List<LlmProxy> proxies = new ArrayList<>();
    private final OkHttpClient http = new OkHttpClient();
    private OkHttpClient client = http;
    private int unsent;

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
        Calls.release(http);
    }

    // A key that is refused is not sent again: what comes after that is played to another proxy.
    private void renew(Logging logging) {
        LlmProxy proxy = proxy(LlmProxy.builder()
                .logging(logging)
                .retry(Retry.attempts(2))
                .credentials(Credentials.bearer(provider.url(), ApiKey.of(KEY.text()))));
        proxies.add(proxy);
        client = OkHttpLlmProxy.wrap(http, proxy);
    }

    private static Request asking(String url, String model) {
        return Calls.chat(url)
                .newBuilder()
                .header("X-Own-Key", KEY.text())
                .post(Calls.json(Calls.CHAT.replace(Calls.PROMPT, PROMPT.text()).replace("gpt-4o", model)))
                .build();
    }

    private void call(Request request, Reply... replies) {
        int before = provider.requestsStarted();
        Iterator<Reply> script = List.of(replies).iterator();
        provider.answer(received -> script.hasNext() ? script.next() : Reply.json(400, "{}"));
        try (Response response = client.newCall(request).execute()) {
            var unused = response.body().string();
        } catch (IOException e) {
            thrown.add(e);
        }
        unsent += provider.requestsStarted() == before ? 1 : 0;
    }

    private static String error(String text) {
        return "{\"error\":{\"message\":\"" + text + "\",\"type\":\"" + text + "\",\"code\":\"" + text + "\"}}";
    }

    private static List<String> spellings(String secret) {
        return List.of(
                secret, URLEncoder.encode(secret, UTF_8), Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)));
    }

    private void playAll(Logging logging) {
        renew(logging);
        for (Canary canary : List.of(KEY, PROMPT)) {
            for (String echo : spellings(canary.text())) {
                for (int status : List.of(400, 404, 413, 403, 401)) {
                    call(asking(chatUrl(), "gpt-4o"), Reply.json(status, error(echo)));
                    if (status == 403 || status == 401) {
                        renew(logging);
                    }
                }
                call(
                        asking(chatUrl(), "gpt-4o"),
                        Reply.json(503, error(echo)).header("retry-after-ms", "1"),
                        Reply.json(400, error(echo)));
            }
            String text = canary.text();
            Reply last = Reply.json(400, "{}");
            call(asking(chatUrl(), "gpt-4o"), Reply.json(200, error(text)), last);
            call(asking(chatUrl(), "gpt-4o"), Reply.json(429, error(text)).header("retry-after-ms", "1"), last);
            call(asking(chatUrl(), "gpt-4o"), Reply.json(200, Calls.ANSWER.replace("gpt-4o", text)));
            call(asking(chatUrl(), "gpt-4o"), Reply.json(200, Calls.ANSWER.replace("stop", text)));
            call(asking(chatUrl(), "gpt-4o"), Reply.json(200, Calls.ANSWER).header("Server", text));
            call(asking(chatUrl(), "gpt-4o"), Reply.json(200, Calls.ANSWER).header("x-request-id", text));
            call(asking(chatUrl(), KEY.text()), Reply.json(404, error("no such model")));
            call(asking(chatUrl() + "?key=" + URLEncoder.encode(text, UTF_8), "gpt-4o"), Reply.json(400, "{}"));
            call(
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

    // As a browser asks for it: the page, and the first event of its stream.
    private String console(LlmProxy proxy) throws IOException {
        try (LlmProxyConsole console = LlmProxyConsole.open(proxy)) {
            URI link = console.url();
            Request page = new Request.Builder()
                    .url("http://" + link.getAuthority() + "/")
                    .build();
            Request events = page.newBuilder()
                    .url("http://" + link.getAuthority() + "/events")
                    .header("Authorization", "Bearer " + link.getFragment())
                    .build();
            try (Response shown = http.newCall(page).execute();
                    Response told = http.newCall(events).execute()) {
                return console
                        + shown.headers().toString()
                        + shown.body().string()
                        + told.headers()
                        + told.body().source().readUtf8LineStrict();
            }
        }
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
        playAll(Logging.calls());
        assertThat(unsent).isZero();
        assertThat(log.lines()).hasSizeGreaterThan(300).anyMatch(line -> line.startsWith("TRACE wire "));
        assertThat(thrown).isNotEmpty();
        String recorded = recorded();
        assertThat(recorded).contains("dev.llmproxy.Attempt", "auth.key-", "gpt-4o");
        StringBuilder reports = new StringBuilder();
        StringBuilder console = new StringBuilder();
        for (LlmProxy proxy : proxies) {
            reports.append(reports(proxy));
            console.append(console(proxy));
        }
        assertThat(console).contains("<!doctype html>", "data: {\"schemaVersion\"", "gpt-4o", "auth.key-");
        assertSoftly(softly -> {
            for (Canary canary : List.of(KEY, PROMPT)) {
                softly.assertThat(canary.in(log.everything())).as("log").isEmpty();
                softly.assertThat(canary.in(recorded)).as("flight recorder").isEmpty();
                softly.assertThat(canary.in(events.events().toString()))
                        .as("events")
                        .isEmpty();
                softly.assertThat(canary.in(exceptions())).as("exceptions").isEmpty();
                softly.assertThat(canary.in(reports.toString())).as("reports").isEmpty();
                softly.assertThat(canary.in(console.toString())).as("console").isEmpty();
            }
        });
    }

    @Test
    void whereBodiesAreLoggedTheyHaveThePromptAndNoKey() {
        playAll(Logging.calls().bodies(16 << 10));
        assertThat(unsent).isZero();
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
