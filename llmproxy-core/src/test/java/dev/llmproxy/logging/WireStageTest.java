package dev.llmproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.CapturedLog;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.ByteString;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class WireStageTest {
    private static final String KEY = "sk-proj-canary7f3a9c2e5b8d1f4a6c0e9b2d";

    private static List<String> wire(LoggedCalls app) {
        return app.log.lines(Level.TRACE).stream()
                .map(line -> line.replaceAll("TRACE wire \\w+-\\w+ ", ""))
                .toList();
    }

    private static FakeTransport.Answer answer(String body, String... headers) {
        return (request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.received(headers))
                .body(new Buffer().writeUtf8(body))
                .build();
    }

    private static LlmRequest asking(String body) {
        return FakeTransport.chat().toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    private static String saying(String text) {
        return "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    @Test
    void headersAreShownWhereTheyAreKnownToBeHarmless() {
        LlmRequest request = FakeTransport.chat("https://api.openai.com/v1/chat/completions?key=" + KEY).toBuilder()
                .headers(LlmHeaders.of(
                        "Authorization", "Bearer " + KEY, "User-Agent", "app/1", "X-Own", KEY, "Cookie", "session=1"))
                .build();
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            app.call(
                    request,
                    answer(
                            LoggedCalls.ANSWER,
                            "Content-Type",
                            "application/json",
                            "x-request-id",
                            "req_0123456789abcdef0123456789abcdef",
                            "x-ratelimit-remaining-tokens",
                            "1999613",
                            "Set-Cookie",
                            "session=1"));
            assertThat(wire(app))
                    .containsExactly(
                            "attempt 1 > POST https://api.openai.com/v1/chat/completions, 62-byte body, headers"
                                    + " Authorization: ***, User-Agent: app/1, X-Own: ***, Cookie: ***",
                            "attempt 1 < 200, headers Content-Type: application/json, x-request-id:"
                                    + " req_0123456789abcdef0123456789abcdef, x-ratelimit-remaining-tokens: 1999613,"
                                    + " Set-Cookie: ***");
        }
    }

    @Test
    void theApplicationNamesMoreHeadersButNoKeys() {
        LlmRequest request = FakeTransport.chat().toBuilder()
                .headers(LlmHeaders.of("X-Tenant", "blue", "X-Api-Key", KEY, "X-Other", "red"))
                .build();
        try (LoggedCalls app = LoggedCalls.by(Logging.calls().headers("x-tenant", "x-api-key"))) {
            app.call(request, LoggedCalls.ok());
            assertThat(wire(app).get(0)).endsWith("headers X-Tenant: blue, X-Api-Key: ***, X-Other: ***");
        }
    }

    @Test
    void aKeyThatIsEchoedInAHarmlessHeaderIsTakenOut() {
        try (LoggedCalls app = LoggedCalls.with(settings -> settings.logging(Logging.calls())
                .credentials(Credentials.bearer("https://api.openai.com", ApiKey.of("words-that-make-a-key"))))) {
            app.call(FakeTransport.chat(), answer(LoggedCalls.ANSWER, "Server", "saw words-that-make-a-key"));
            assertThat(wire(app).get(1)).endsWith("headers Server: saw ***");
        }
    }

    @Test
    void whatAHarmlessHeaderRepeatsOfThePromptIsTakenOut() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            app.call(
                    asking(saying("Say why tulips are red.")),
                    answer(
                            LoggedCalls.ANSWER,
                            "Server",
                            "saw why%20tulips+are-red",
                            "x-request-id",
                            "say-why-tulips-are",
                            "Date",
                            "Fri, 27 Nov 2026 12:00:00 GMT",
                            "X-Cache",
                            "Miss from cloudfront",
                            "Via",
                            "1.1 0f3a.cloudfront.net (CloudFront)",
                            "Vary",
                            "\u00fcber"));
            assertThat(wire(app).get(1))
                    .endsWith("headers Server: saw ***, x-request-id: ***, Date: Fri, 27 Nov 2026 12:00:00 GMT,"
                            + " X-Cache: Miss from cloudfront, Via: 1.1 0f3a.cloudfront.net (CloudFront), Vary: ***");
        }
    }

    @Test
    void anAnswerThatDoesNotComeIsNamedByItsExceptionOnly() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            app.call(FakeTransport.chat(), FakeTransport.failingIn(Phase.WAIT, new IOException("secret text")));
            assertThat(wire(app)).last().isEqualTo("attempt 1 < no answer, java.io.IOException");
        }
    }

    @Test
    void bodiesAreNotShownUnlessTheyAreAskedFor() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            app.call(asking(saying("my prompt")), LoggedCalls.ok());
            assertThat(app.log.everything()).doesNotContain("my prompt", "hello");
            assertThat(app.log.lines(Level.WARN)).isEmpty();
        }
    }

    @Test
    void bodiesThatAreAskedForAreShownOnOneLineEach() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls().bodies(4_096))) {
            assertThat(app.log.lines(Level.WARN))
                    .containsExactly("WARN wire Bodies of requests and answers are logged at TRACE, up to 4096 bytes of"
                            + " each: prompts and answers will stand in this log");
            app.call(asking("{\n  \"model\": \"gpt-4o\",\n  \"messages\": []\n}"), LoggedCalls.stream());
            assertThat(wire(app))
                    .contains("attempt 1 > body, 41 bytes: { \"model\": \"gpt-4o\", \"messages\": [] }")
                    .last()
                    .asString()
                    .startsWith("attempt 1 < body, whole, " + LoggedCalls.STREAM.length() + " bytes: data: {\"id\"")
                    .endsWith(" data: [DONE]");
        }
    }

    @Test
    void bodiesAreShownAtTraceOnly() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls().bodies(4_096));
                CapturedLog wire = CapturedLog.of("dev.llmproxy.wire", Level.DEBUG)) {
            app.call(asking(saying("my prompt")), LoggedCalls.ok());
            assertThat(wire.lines()).isEmpty();
            assertThat(app.log.everything()).doesNotContain("my prompt");
        }
    }

    @Test
    void bodiesAreCut() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls().bodies(20))) {
            app.call(asking(saying("my prompt")), answer("x".repeat(100_000), "Content-Type", "text/plain"));
            assertThat(wire(app))
                    .contains("attempt 1 > body, 69 bytes: {\"model\":\"gpt-4o\",\"m...")
                    .contains("attempt 1 < body, closed, 8192 bytes: " + "x".repeat(20) + "...");
        }
    }

    @Test
    void noKeyOfABodyIsShownWhereverTheCutIs() {
        for (int most = 1; most < 150; most++) {
            try (LoggedCalls app = LoggedCalls.by(Logging.calls().bodies(most))) {
                app.call(
                        asking(saying("use " + KEY)),
                        answer("{\"error\":\"Incorrect API key provided: " + KEY + "\"}"));
                assertThat(app.log.everything()).as("%s bytes", most).doesNotContain("canary");
            }
        }
    }

    @Test
    void theKeyThatWasSentIsTakenOutOfWhatEchoesItInAnyForm() {
        String key = "words-that-make-a-key";
        try (LoggedCalls app =
                LoggedCalls.with(settings -> settings.logging(Logging.calls().bodies(4_096))
                        .credentials(Credentials.bearer("https://api.openai.com", ApiKey.of(key))))) {
            String base64 = ByteString.encodeUtf8(key).base64();
            app.call(FakeTransport.chat(), answer("{\"a\":\"" + key + "\",\"b\":\"" + base64 + "\"}"));
            assertThat(app.log.everything()).contains("{\"a\":\"***\",\"b\":\"").doesNotContain(key, base64);
        }
    }

    @Test
    void soundsAndWhatIsCompressedAreNotShown() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls().bodies(4_096))) {
            app.call(FakeTransport.chat(), answer("\u0001\u0002", "Content-Type", "audio/mpeg"));
            app.call(
                    FakeTransport.chat(),
                    answer("\u0001\u0002", "Content-Type", "application/json", "Content-Encoding", "br"));
            assertThat(wire(app)).noneMatch(line -> line.startsWith("attempt 1 < body"));
        }
    }

    @Test
    void aRequestThatIsCompressedIsNotShown() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls().bodies(4_096))) {
            LlmRequest plain = FakeTransport.chat();
            app.call(
                    plain.toBuilder()
                            .headers(plain.headers().with("Content-Encoding", "gzip"))
                            .body(LlmBody.of(ByteString.of((byte) 0x1f, (byte) 0x8b, (byte) 8), "application/json"))
                            .build(),
                    LoggedCalls.ok());
            assertThat(wire(app))
                    .anyMatch(line -> line.startsWith("attempt 1 > POST"))
                    .noneMatch(line -> line.startsWith("attempt 1 > body"));
        }
    }

    @Test
    void whatBreaksAndWhatIsClosedIsToldOnce() throws IOException {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls().bodies(4_096))) {
            Source breaking = new Source() {
                private boolean begun;

                @Override
                public long read(Buffer sink, long byteCount) throws IOException {
                    if (begun) {
                        throw new IOException("secret text");
                    }
                    begun = true;
                    sink.writeUtf8(LoggedCalls.STREAM.substring(0, 300));
                    return 300;
                }

                @Override
                public Timeout timeout() {
                    return Timeout.NONE;
                }

                @Override
                public void close() {}
            };
            app.call(
                    FakeTransport.streamedChat(),
                    (request, attempt) -> LlmResponse.builder(200)
                            .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                            .body(Okio.buffer(breaking))
                            .build());
            app.proxy
                    .execute(
                            FakeTransport.streamedChat(),
                            CallOptions.none(),
                            FakeTransport.answering(LoggedCalls.stream()))
                    .close();
            assertThat(wire(app).stream()
                            .filter(line -> line.contains("< body"))
                            .map(line -> line.replaceAll(": data: .*", "")))
                    .containsExactly(
                            "attempt 1 < body, broken by java.io.IOException, 300 bytes",
                            "attempt 1 < body, closed, " + LoggedCalls.STREAM.length() + " bytes");
        }
    }

    @Test
    void aStreamIsHandedOnAsItComes() throws IOException {
        List<String> order = new ArrayList<>();
        Buffer rest = new Buffer().writeUtf8(LoggedCalls.STREAM);
        Source oneEventAtATime = new Source() {
            @Override
            public long read(Buffer sink, long byteCount) throws IOException {
                if (rest.exhausted()) {
                    return -1;
                }
                long length = rest.indexOf(ByteString.encodeUtf8("\n\n")) + 2;
                order.add("sent");
                sink.write(rest, length);
                return length;
            }

            @Override
            public Timeout timeout() {
                return Timeout.NONE;
            }

            @Override
            public void close() {}
        };
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                .body(Okio.buffer(oneEventAtATime))
                .build());
        try (LoggedCalls app = LoggedCalls.by(Logging.calls().bodies(4_096));
                LlmResponse response = app.proxy.execute(FakeTransport.streamedChat(), CallOptions.none(), transport)) {
            while (!response.body().exhausted()) {
                while (!response.body().readUtf8LineStrict().isEmpty()) {}
                order.add("read");
            }
        }
        assertThat(order).containsExactly("sent", "read", "sent", "read", "sent", "read");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, (1 << 20) + 1})
    void noOtherSizeIsTaken(int bytes) {
        assertThatThrownBy(() -> Logging.calls().bodies(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mostBytes: " + bytes + " (expected: 1 to 1048576)");
    }
}
