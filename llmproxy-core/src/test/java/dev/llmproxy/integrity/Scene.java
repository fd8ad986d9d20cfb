package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.Okio;
import okio.Source;
import okio.Timeout;

/** A call in which one rule, and no other, has something to find. Immutable. */
final class Scene {
    static final String RELAY = "https://relay.example/v1/";
    private static final String NOBODY = "{\"model\":\"gpt-4o\",\"messages\":[]}";
    private static final String STREAMED = "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[]}";

    private final String url;
    private final ByteString asked;
    private final String askedType;
    private final List<String> askedHeaders;
    private final String type;
    private final List<ByteString> pieces;
    private final Duration pause;
    private final long missing;
    private final long onWire;
    private final String date;
    private final Integrity integrity;
    private final boolean repeated;
    private final boolean lying;

    private Scene(Builder of) {
        url = of.url;
        asked = of.asked;
        askedType = of.askedType;
        askedHeaders = of.askedHeaders;
        type = of.type;
        pieces = of.pieces;
        pause = of.pause;
        missing = of.missing;
        onWire = of.onWire;
        date = of.date;
        integrity = of.integrity;
        repeated = of.repeated;
        lying = of.lying;
    }

    /** A chat that is answered by this. */
    static Builder plain(String answer) {
        return new Builder().asking("chat/completions", NOBODY).answered("application/json", answer);
    }

    /** A chat that is streamed, with these events and nothing behind them. */
    static Builder stream(String... events) {
        return new Builder().asking("chat/completions", STREAMED).events(events);
    }

    static String event(String data) {
        return "data: " + data + "\n\n";
    }

    Integrity integrity(Integrity wanted, Rule rule, Rule.Severity severity) {
        Integrity caps = integrity == Integrity.strict() ? wanted : wanted.maxBodyBytes(1 << 10);
        Integrity set = caps.severity(rule, severity);
        return switch (rule) {
            case ANSWER_CHECK -> set.check("mine", answer -> Verdict.reject("no"));
            case TOOL_SCHEMA, SCHEMA_RESPONSE_FORMAT ->
                set.check("schema", answer -> Verdict.breaks(rule, rule.severity(), "no"));
            default -> set;
        };
    }

    /** Says whether the rule finds it in the second call. */
    boolean isRepeated() {
        return repeated;
    }

    LlmRequest request(int call) {
        ByteString body = call == 0 || !repeated
                ? asked
                : ByteString.encodeUtf8(asked.utf8().replace("[]", "[{\"role\":\"user\",\"content\":\"2\"}]"));
        return LlmRequest.builder("POST", LlmUrl.of(url))
                .headers(LlmHeaders.received(askedHeaders.toArray(new String[0])))
                .body(lying ? new Lying(body) : LlmBody.of(body, askedType))
                .build();
    }

    /** Has one byte less than it says. */
    private static final class Lying extends LlmBody {
        private final ByteString bytes;

        Lying(ByteString bytes) {
            this.bytes = bytes;
        }

        @Override
        public Optional<String> contentType() {
            return Optional.of("application/json");
        }

        @Override
        protected long declaredLength() {
            return bytes.size() + 1L;
        }

        @Override
        protected boolean producesOnce() {
            return false;
        }

        @Override
        protected void produce(BufferedSink sink) throws IOException {
            sink.write(bytes);
        }
    }

    FakeTransport transport(FakeTicker ticker) {
        return FakeTransport.answering((request, attempt) -> {
            long length = pieces.stream().mapToLong(ByteString::size).sum();
            if (onWire > 0) {
                attempt.wire().begin(-1, true);
                attempt.wire().received(onWire);
            }
            return LlmResponse.builder(200)
                    .headers(LlmHeaders.of("Content-Type", type, "Date", date))
                    .body(
                            Okio.buffer(new Pieces(ticker, pause, new ArrayList<>(pieces))),
                            missing == 0 ? -1 : length + missing)
                    .build();
        });
    }

    private record Pieces(FakeTicker ticker, Duration pause, List<ByteString> left) implements Source {
        @Override
        public long read(Buffer sink, long byteCount) {
            if (left.isEmpty()) {
                return -1;
            }
            ByteString next = left.remove(0);
            ticker.advance(pause);
            sink.write(next);
            return next.size();
        }

        @Override
        public Timeout timeout() {
            return Timeout.NONE;
        }

        @Override
        public void close() {}
    }

    /** Changes what is usual. */
    static final class Builder {
        private String url = "";
        private ByteString asked = ByteString.EMPTY;
        private String askedType = "application/json";
        private List<String> askedHeaders = List.of();
        private String type = "";
        private List<ByteString> pieces = List.of();
        private Duration pause = Duration.ZERO;
        private long missing;
        private long onWire;
        private String date = "Thu, 01 Jan 2026 00:00:00 GMT";
        private Integrity integrity = Integrity.strict();
        private boolean repeated;
        private boolean lying;

        Builder asking(String path, String body) {
            url = path.startsWith("https:") ? path : RELAY + path;
            asked = ByteString.encodeUtf8(body);
            return this;
        }

        Builder asking(String elsewhere) {
            url = elsewhere;
            return this;
        }

        Builder at(String base) {
            url = base + url.substring(RELAY.length());
            return this;
        }

        Builder asking(ByteString body) {
            asked = body;
            return this;
        }

        Builder askedAs(String bodyType, String... headers) {
            askedType = bodyType;
            askedHeaders = List.of(headers);
            return this;
        }

        Builder answered(String answerType, String answer) {
            type = answerType;
            pieces = List.of(ByteString.encodeUtf8(answer));
            return this;
        }

        Builder answered(String answerType, ByteString answer) {
            type = answerType;
            pieces = List.of(answer);
            return this;
        }

        Builder events(String... events) {
            type = "text/event-stream";
            StringBuilder all = new StringBuilder();
            for (String each : events) {
                all.append(each.startsWith("{") || each.startsWith("[") ? event(each) : each);
            }
            pieces = List.of(ByteString.encodeUtf8(all.toString()));
            return this;
        }

        Builder every(Duration between, String... parts) {
            pause = between;
            pieces = List.of(parts).stream()
                    .map(part -> ByteString.of(part.getBytes(StandardCharsets.UTF_8)))
                    .toList();
            return this;
        }

        Builder declaringMore(long bytes) {
            missing = bytes;
            return this;
        }

        Builder onWire(long bytes) {
            onWire = bytes;
            return this;
        }

        Builder small() {
            integrity = Integrity.strict().maxBodyBytes(1 << 10);
            return this;
        }

        Builder lying() {
            lying = true;
            return this;
        }

        Builder twice() {
            repeated = true;
            return this;
        }

        Scene build() {
            return new Scene(this);
        }
    }
}
