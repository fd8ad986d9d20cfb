package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okio.BufferedSink;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that are made to hurt whoever reads them cost one pass, and no stack. */
@Timeout(300)
class HostileRequestTest {
    private static final long SMALL_STACK = 160 << 10;

    private final RecordingListener events = new RecordingListener();

    private static LlmRequest with(LlmBody body) {
        return FakeTransport.chat().toBuilder().body(body).build();
    }

    private static LlmRequest json(String body) {
        return with(LlmBody.of(ByteString.encodeUtf8(body), "application/json"));
    }

    private void send(LlmRequest request) throws IOException {
        try (LlmProxy proxy = LlmProxy.builder().listener(events).build()) {
            proxy.execute(request, CallOptions.none(), FakeTransport.answering(FakeTransport.ok()))
                    .close();
        }
    }

    private String told(LlmRequest request) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable call = () -> {
            try {
                send(request);
                done.complete(null);
            } catch (IOException | RuntimeException | StackOverflowError e) {
                done.completeExceptionally(e);
            }
        };
        new Thread(null, call, "small stack", SMALL_STACK).start();
        done.get(2, TimeUnit.MINUTES);
        return events.only(LlmEvent.FindingDetected.class).detail();
    }

    @Test
    void aMillionArraysInsideEachOther() throws Exception {
        assertThat(told(json("{\"a\":" + "[".repeat(1_000_000) + "]".repeat(1_000_000) + "}")))
                .isEqualTo("it is nested deeper than 200: not looked at from byte 204 on");
    }

    @Test
    void aNumberOfTenMillionDigits() throws Exception {
        assertThat(told(json("{\"a\":" + "9".repeat(10_000_000) + "}")))
                .isEqualTo("it has a number of more than 64 characters: not looked at from byte 69 on");
    }

    @Test
    void aNameOfAMegabyte() throws Exception {
        assertThat(told(json("{\"" + "a".repeat(1 << 20) + "\":1}")))
                .startsWith("it has a name of more than 8192 bytes");
    }

    @Test
    void aStringOfThirtyMegabytesIsAnImageAndPasses() throws IOException {
        send(json("{\"image\":\"" + "A".repeat(30 << 20) + "\"}"));
        assertThat(events.kinds()).doesNotContain("FindingDetected").contains("CallSucceeded");
    }

    @Test
    void halfAPairBehindThirtyMegabytesIsFound() {
        LlmRequest request = json("{\"image\":\"" + "A".repeat(30 << 20) + "\",\"b\":\"\\udc00\"}");
        assertThatThrownBy(() -> send(request)).hasMessageContaining("the escape at byte " + (10 + (30 << 20) + 7));
    }

    @Test
    void aMillionMembers() throws IOException {
        StringBuilder body = new StringBuilder("{");
        for (int i = 0; i < 1_000_000; i++) {
            body.append("\"k").append(i).append("\":1,");
        }
        send(json(body.append("\"z\":1}").toString()));
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    @Test
    void aBodyThatLiesAboutItsLengthIsRefused() throws IOException {
        refusesForItsLength(new OddBody(100, false));
        // By a cache, or a listener that asks for the model.
        OddBody read = new OddBody(100, false);
        assertThat(read.bytes().size()).isEqualTo(7);
        refusesForItsLength(read);
    }

    private void refusesForItsLength(LlmBody body) {
        LlmRequest request = with(body);
        assertThatThrownBy(() -> send(request))
                .isInstanceOf(LlmFaultException.class)
                .hasMessageContaining("corruption.request-altered")
                .hasMessageContaining("says that it has 100 bytes, and has 7");
    }

    @Test
    void aBodyThatCannotBeReadIsTheApplicationsOwn() {
        LlmRequest request = with(new OddBody(-1, true));
        assertThatThrownBy(() -> send(request))
                .isInstanceOf(LlmFaultException.class)
                .hasMessageContaining("the application's request body could not be read");
        assertThat(events.kinds()).doesNotContain("AttemptStarted");
    }

    private static final class OddBody extends LlmBody {
        private final long length;
        private final boolean fails;

        OddBody(long length, boolean fails) {
            this.length = length;
            this.fails = fails;
        }

        @Override
        public Optional<String> contentType() {
            return Optional.of("application/json");
        }

        @Override
        protected long declaredLength() {
            return length;
        }

        @Override
        protected boolean producesOnce() {
            return false;
        }

        @Override
        protected void produce(BufferedSink sink) throws IOException {
            if (fails) {
                throw new IOException("canary");
            }
            sink.writeUtf8("{\"a\":1}");
        }
    }
}
