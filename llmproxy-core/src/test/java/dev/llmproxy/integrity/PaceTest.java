package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final String EVENT = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":"
            + "\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"},\"finish_reason\":null}]}\n\n";
    private static final String END = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":"
            + "\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private final FakeTicker ticker = new FakeTicker();
    private final List<String> found = new ArrayList<>();
    private long events;

    /** A piece of the body, and how long it is waited for. */
    private record Piece(Duration after, String text) {}

    private void read(Piece... pieces) throws IOException {
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                .body(Okio.buffer(new Pieces(ticker, List.of(pieces))))
                .build());
        try (LlmProxy proxy = LlmProxy.builder()
                        .ticker(ticker)
                        .timeouts(Timeouts.standard())
                        .on(
                                LlmEvent.FindingDetected.class,
                                finding ->
                                        found.add(finding.rule() + " " + finding.severity() + ": " + finding.detail()))
                        .on(LlmEvent.AttemptSucceeded.class, answered -> events = answered.events())
                        .build();
                LlmResponse response = proxy.execute(FakeTransport.streamedChat(), CallOptions.none(), transport)) {
            assertThat(response.body().readUtf8()).endsWith("[DONE]\n\n");
        }
    }

    private record Pieces(FakeTicker ticker, List<Piece> left) implements Source {
        Pieces {
            left = new ArrayList<>(left);
        }

        @Override
        public long read(Buffer sink, long byteCount) {
            if (left.isEmpty()) {
                return -1;
            }
            Piece next = left.remove(0);
            ticker.advance(next.after);
            sink.writeUtf8(next.text);
            return next.text.length();
        }

        @Override
        public Timeout timeout() {
            return Timeout.NONE;
        }

        @Override
        public void close() {}
    }

    private static Piece piece(long millis, String text) {
        return new Piece(Duration.ofMillis(millis), text);
    }

    @Test
    void aStreamThatComesAllAtOnceAfterLongIsTold() throws IOException {
        read(piece(4_000, EVENT.repeat(50)), piece(2, EVENT.repeat(50) + END));
        assertThat(found).containsExactly("transport.buffered INFO: 102 events in 2000 us, after 4 s");
    }

    @Test
    void aStreamThatFlowsIsNot() throws IOException {
        read(piece(4_000, EVENT.repeat(50)), piece(200, EVENT.repeat(50) + END));
        assertThat(found).isEmpty();
    }

    @Test
    void howManyEventsHaveComeIsTold() throws IOException {
        read(piece(100, EVENT.repeat(3)), piece(100, END));
        assertThat(events).isEqualTo(5);
    }

    @Test
    void aFastAnswerIsNot() throws IOException {
        read(piece(900, EVENT.repeat(100) + END));
        assertThat(found).isEmpty();
    }

    @Test
    void aShortAnswerIsNot() throws IOException {
        read(piece(9_000, EVENT.repeat(20) + END));
        assertThat(found).isEmpty();
    }

    @Test
    void commentsAndNothingElseForLongAreTold() throws IOException {
        Piece comment = piece(10_000, ": keep-alive\n\n");
        read(
                piece(100, EVENT),
                comment,
                comment,
                comment,
                comment,
                comment,
                comment,
                comment,
                comment,
                comment,
                comment,
                comment,
                piece(100, EVENT + END));
        assertThat(found).containsExactly("stream.comment-flood INFO: 10 comments and no event for 100 s");
    }

    @Test
    void commentsBetweenEventsAreNot() throws IOException {
        Piece comments = piece(40_000, ": keep-alive\n\n".repeat(20));
        read(piece(100, EVENT), comments, piece(100, EVENT), comments, piece(100, END));
        assertThat(found).isEmpty();
    }
}
