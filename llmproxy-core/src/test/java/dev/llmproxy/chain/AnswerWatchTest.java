package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import java.io.IOException;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerWatchTest {
    private final RecordingListener events = new RecordingListener();
    private final StringBuilder seen = new StringBuilder();
    private boolean closed;

    @AfterEach
    void everyCallEndsOnce() {
        events.assertBalanced();
    }

    /** Reads the text that passes: an exclamation mark is broken, a bar lets go, a full stop completes. */
    private final class TextWatch implements AnswerWatch {
        @Override
        public void arrived(Buffer sink, long count) throws IOException {
            seen.append(sink.snapshot().substring((int) (sink.size() - count)).utf8());
            if (seen.indexOf("!") >= 0) {
                throw broken("an exclamation mark");
            }
        }

        @Override
        public void ended() throws IOException {
            if (!isComplete()) {
                throw broken("no full stop");
            }
        }

        private BrokenAnswerException broken(String what) {
            return new BrokenAnswerException(
                    what, Fault.builder(FaultCause.STREAM_UNTERMINATED).summary(what));
        }

        @Override
        public boolean holds() {
            return seen.indexOf("|") < 0;
        }

        @Override
        public boolean isComplete() {
            return seen.indexOf(".") >= 0;
        }

        @Override
        public boolean isStreamed() {
            return false;
        }

        @Override
        public boolean isPayloadSeen() {
            return !holds();
        }

        @Override
        public long progress() {
            return seen.length();
        }

        @Override
        public AnswerInfo info() {
            return new AnswerInfo("id-1", "m", "", "stop", 1, 2, 3, -1, -1);
        }
    }

    private LlmResponse answered(String... pieces) throws IOException {
        FakeTransport transport = FakeTransport.answering((request, attempt) ->
                FakeTransport.response(200, Okio.buffer(new ForwardingSource(source(pieces)) {
                    @Override
                    public void close() throws IOException {
                        closed = true;
                        super.close();
                    }
                })));
        Stage watching = (request, chain) -> {
            chain.attempt().watch(new TextWatch());
            return chain.proceed(request);
        };
        try (LlmProxy proxy = LlmProxy.builder()
                .integrity(Integrity.off())
                .listener(events)
                .aroundAttempt(watching)
                .build()) {
            return proxy.execute(FakeTransport.chat(), CallOptions.none(), transport);
        }
    }

    private static Source source(String... pieces) {
        return new ForwardingSource(new Buffer()) {
            private int next;

            @Override
            public long read(Buffer sink, long byteCount) {
                if (next == pieces.length) {
                    return -1;
                }
                String piece = pieces[next++];
                sink.writeUtf8(piece);
                return piece.length();
            }
        };
    }

    @Test
    void seesEveryByteOnceAndTheApplicationGetsThemAll() throws IOException {
        try (LlmResponse response = answered("one ", "two |", "three ", "four.")) {
            assertThat(seen).hasToString("one two |");
            assertThat(response.body().readUtf8()).isEqualTo("one two |three four.");
        }
        assertThat(seen).hasToString("one two |three four.");
        LlmEvent.CallSucceeded end = events.only(LlmEvent.CallSucceeded.class);
        assertThat(end.exhausted()).isTrue();
        assertThat(end.answer().finishReason()).isEqualTo("stop");
        assertThat(events.only(LlmEvent.AttemptSucceeded.class).answer().outputTokens())
                .isEqualTo(2);
    }

    @Test
    void whatIsHeldBackAndBrokenIsNeverHandedOver() {
        assertThatThrownBy(() -> answered("one ", "two"))
                .isInstanceOfSatisfying(
                        LlmFaultException.class,
                        e -> assertThat(e.fault().cause()).isEqualTo(FaultCause.STREAM_UNTERMINATED))
                .hasCauseInstanceOf(BrokenAnswerException.class);
        assertThat(closed).isTrue();
        assertThat(events.kinds())
                .containsExactly("CallStarted", "AttemptStarted", "FaultDetected", "AttemptFailed", "CallFailed");
    }

    @Test
    void whatWasLetGoAndBreaksThenFailsTheRead() throws IOException {
        try (LlmResponse response = answered("one |", "two ", "three!")) {
            assertThatThrownBy(() -> response.body().readUtf8())
                    .isInstanceOfSatisfying(
                            LlmFaultException.class,
                            e -> assertThat(e.fault().summary()).isEqualTo("an exclamation mark"));
        }
        assertThat(events.kinds())
                .containsExactly("CallStarted", "AttemptStarted", "FaultDetected", "AttemptFailed", "CallFailed");
    }

    @Test
    void theEndOfTheBodyIsNoSuccessByItself() throws IOException {
        try (LlmResponse response = answered("one |", "two")) {
            assertThatThrownBy(() -> response.body().readUtf8()).hasMessageContaining("no full stop");
        }
        events.only(LlmEvent.CallFailed.class);
    }

    @Test
    void whoeverStopsBeforeItIsWholeHasCancelled() throws IOException {
        answered("one |", "two.").close();
        assertThat(events.kinds())
                .containsExactly("CallStarted", "AttemptStarted", "FaultDetected", "AttemptFailed", "CallCancelled");
        assertThat(events.faults()).extracting(Fault::cause).containsExactly(FaultCause.CANCELLED);
    }

    @Test
    void whoeverStopsAfterItIsWholeHasWhatHeWanted() throws IOException {
        answered("one |two.", "and more").close();
        assertThat(events.only(LlmEvent.CallSucceeded.class).exhausted()).isFalse();
    }
}
