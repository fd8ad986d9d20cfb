package dev.llmproxy.timeout;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.ByteString;
import okio.Okio;
import okio.Source;
import okio.Timeout;

/**
 * A streamed chat in virtual time, over a network as a client shows it: a read that waits longer than its limit ends in a
 * {@link SocketTimeoutException}, and one that waits while the call is cancelled fails.
 */
final class TimedStream {
    static final String ROLE = data("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    static final String TOKEN = data("{\"content\":\"x\"}", "null");
    static final String LAST = data("{}", "\"stop\"") + "data: [DONE]\n\n";
    static final String COMMENT = ": ping\n\n";

    private final FakeTicker ticker;
    private final FakeTransport transport = new FakeTransport();
    private final List<Piece> pieces = new ArrayList<>();
    private Duration head = Duration.ofMillis(100);

    TimedStream(FakeTicker ticker) {
        this.ticker = ticker;
    }

    private static String data(String delta, String finish) {
        return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\",\"choices\":"
                + "[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
    }

    /** Lets the headers come after this. */
    TimedStream head(Duration after) {
        head = after;
        return this;
    }

    /** Lets this come after a time. */
    TimedStream then(Duration after, String text) {
        pieces.add(new Piece(after, text, false));
        return this;
    }

    /** Lets this come after a time in which this process does not run. */
    TimedStream frozen(Duration after, String text) {
        pieces.add(new Piece(after, text, true));
        return this;
    }

    private record Piece(Duration after, String text, boolean frozen) {}

    static LlmRequest request(boolean streaming) {
        String body = "{\"model\":\"gpt-4o\",\"stream\":" + streaming + ",\"messages\":[]}";
        return LlmRequest.builder("POST", LlmUrl.of("https://api.openai.com/v1/chat/completions"))
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    LlmResponse open(LlmProxy proxy) throws IOException {
        transport.script(this::answer);
        return proxy.execute(request(true), CallOptions.none(), transport);
    }

    private LlmResponse answer(LlmRequest request, Attempt attempt) throws IOException {
        attempt.mark(Phase.SEND);
        attempt.mark(Phase.WAIT);
        waitFor(head, attempt.limit(Budget.FIRST_BYTE));
        return FakeTransport.response(200, Okio.buffer(new Network())).toBuilder()
                .header("Content-Type", "text/event-stream")
                .build();
    }

    private void waitFor(Duration duration, long limit) throws IOException {
        if (limit > 0 && limit < duration.toNanos()) {
            ticker.advance(Duration.ofNanos(limit));
            throw new SocketTimeoutException();
        }
        ticker.advance(duration);
        if (transport.isCancelled()) {
            throw new IOException("closed");
        }
    }

    String read(LlmProxy proxy) throws IOException {
        try (LlmResponse response = open(proxy)) {
            return response.body().readUtf8();
        }
    }

    Fault failure(LlmProxy proxy) {
        try {
            throw new AssertionError("read: " + read(proxy));
        } catch (IOException e) {
            return LlmFaultException.faultOf(e).orElseThrow(() -> new AssertionError(e));
        }
    }

    boolean isCancelled() {
        return transport.isCancelled();
    }

    private final class Network implements Source {
        private final Timeout timeout = new Timeout();

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            if (pieces.isEmpty()) {
                return -1;
            }
            Piece next = pieces.remove(0);
            if (next.frozen) {
                ticker.freeze(next.after);
            } else {
                waitFor(next.after, timeout.timeoutNanos());
            }
            sink.writeUtf8(next.text);
            return next.text.length();
        }

        @Override
        public Timeout timeout() {
            return timeout;
        }

        @Override
        public void close() {}
    }
}
