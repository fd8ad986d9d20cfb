package dev.llmproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.FakeTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** No text from outside makes a line of its own, moves the cursor, or fills in a pattern. */
class InjectionTest {
    private static final List<String> PIECES = List.of(
            "\n2026-01-01 INFO forged",
            "\r",
            "\r\n",
            "\u001b[2J",
            "\u001b]0;forged\u0007",
            "\u0000",
            "\u0085",
            "\u2028",
            "\u2029",
            "\u202e",
            "\u2066",
            "\u200f",
            "\ufeff",
            "\ud800",
            "{}",
            "{} {}",
            "%n",
            "%msg",
            "${jndi:ldap://x}",
            "llm.outcome=answered",
            "\"",
            "\\",
            "\t",
            "a",
            "gpt-4o",
            " ",
            "\b\b\b\b",
            "\u007f",
            "\u009b31m");
    private static final int STRINGS = Integer.getInteger("injection.strings", 200);

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Random random = new Random(7);

    private String evil() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= random.nextInt(4); i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static String json(String text) {
        StringBuilder json = new StringBuilder();
        text.chars().forEach(c -> json.append(String.format("\\u%04x", c)));
        return json.toString();
    }

    private LlmRequest asking(String model) {
        return FakeTransport.chat().toBuilder()
                .body(LlmBody.of(
                        ByteString.encodeUtf8("{\"model\":\"" + json(model) + "\",\"messages\":[{\"role\":\"user\","
                                + "\"content\":\"" + json(evil()) + "\"}]}"),
                        "application/json"))
                .build();
    }

    private FakeTransport.Answer answer() {
        String text = json(evil());
        return switch (random.nextInt(4)) {
            case 0 -> FakeTransport.json(200, LoggedCalls.ANSWER.replace("gpt-4o-2024-08-06", text));
            case 1 -> FakeTransport.json(200, LoggedCalls.ANSWER.replace("\"stop\"", "\"" + text + "\""));
            case 2 ->
                FakeTransport.json(
                        400 + random.nextInt(130),
                        "{\"error\":{\"message\":\"" + text + "\",\"type\":\"" + text + "\",\"code\":\"" + text
                                + "\"}}");
            default ->
                (request, attempt) -> LlmResponse.builder(200)
                        .headers(LlmHeaders.received(new String[] {"Content-Type", "text/html", "Server", evil()}))
                        .body(new Buffer().writeUtf8("<html><title>" + evil() + "</title>"))
                        .build();
        };
    }

    // What a log file has: a line for each event, with all facts.
    private OutputStreamAppender<ILoggingEvent> appender() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern("EVENT %level %logger %msg %kvp%n");
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(written);
        appender.start();
        return appender;
    }

    @Test
    void eachEventIsOneLine() throws IOException {
        Logger logger = LoggerFactory.getLogger("dev.llmproxy");
        OutputStreamAppender<ILoggingEvent> file = appender();
        try (LoggedCalls app = LoggedCalls.by(Logging.calls().bodies(4_096))) {
            ((ch.qos.logback.classic.Logger) logger).addAppender(file);
            app.log.clear();
            for (int i = 0; i < STRINGS; i++) {
                app.call(asking(evil()), answer());
            }
            List<String> lines =
                    written.toString(StandardCharsets.UTF_8).lines().toList();
            assertThat(lines).hasSizeGreaterThan(5 * STRINGS).hasSameSizeAs(app.log.lines());
            assertThat(lines).allMatch(line -> line.startsWith("EVENT "));
            assertThat(lines).allMatch(line -> line.chars().noneMatch(InjectionTest::isHarmful));
        } finally {
            ((ch.qos.logback.classic.Logger) logger).detachAppender(file);
        }
    }

    private static boolean isHarmful(int c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }

    @Test
    void bracesAreNoPattern() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls().headers("x-note"))) {
            app.call(
                    FakeTransport.chat().toBuilder()
                            .headers(LlmHeaders.of("X-Note", "{} and {}"))
                            .build(),
                    LoggedCalls.ok());
            assertThat(app.log.lines()).anyMatch(line -> line.endsWith("headers X-Note: {} and {}"));
        }
    }

    @Test
    void aModelThatIsNoNameIsNotShown() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            app.call(asking("gpt llm.outcome=answered"), FakeTransport.json(503, "{}"));
            assertThat(app.log.facts("INFO call ")).containsEntry("llm.model", "***");
            assertThat(app.log.everything()).doesNotContain("outcome=answered");
        }
    }
}
