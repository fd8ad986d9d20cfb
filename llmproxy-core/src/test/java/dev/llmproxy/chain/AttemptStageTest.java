package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import okio.Buffer;
import okio.BufferedSink;
import okio.ForwardingSource;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttemptStageTest {
    private final RecordingListener events = new RecordingListener();

    @AfterEach
    void everyCallEndsOnce() {
        events.assertBalanced();
    }

    private LlmResponse run(FakeTransport transport) throws IOException {
        try (LlmProxy proxy =
                LlmProxy.builder().integrity(Integrity.off()).listener(events).build()) {
            return proxy.execute(FakeTransport.chat(), CallOptions.none(), transport);
        }
    }

    @Test
    void anExceptionBecomesAFaultThatCarriesIt() {
        ConnectException own = new ConnectException("refused");
        FakeTransport transport = FakeTransport.answering(FakeTransport.failingIn(Phase.CONNECT, own));
        assertThatThrownBy(() -> run(transport))
                .isInstanceOfSatisfying(
                        LlmFaultException.class,
                        e -> assertThat(e.fault().cause()).isEqualTo(FaultCause.REFUSED))
                .hasCause(own);
        assertThat(events.kinds())
                .containsExactly("CallStarted", "AttemptStarted", "FaultDetected", "AttemptFailed", "CallFailed");
    }

    @Test
    void anErrorThatTheDiagnosisKnowsIsTheFaultOfTheCall() {
        OutOfMemoryError own = new OutOfMemoryError("unable to create native thread");
        own.setStackTrace(new StackTraceElement[] {new StackTraceElement("java.lang.Thread", "start0", null, -2)});
        FakeTransport transport = FakeTransport.answering((request, attempt) -> {
            attempt.mark(Phase.CONNECT);
            throw own;
        });
        assertThatThrownBy(() -> run(transport)).isSameAs(own);
        assertThat(events.only(LlmEvent.CallFailed.class).fault().cause()).isEqualTo(FaultCause.THREADS);
    }

    @Test
    void anErrorAnswerIsHandedOnWithItsWholeBodyAndItsCode() throws IOException {
        String body = "{\"error\":{\"message\":\"" + "x".repeat(200_000) + "\"}}";
        try (LlmResponse response = run(FakeTransport.answering(FakeTransport.json(500, body)))) {
            assertThat(response.headers().get("X-LlmProxy-Fault")).hasValue("provider.server-error");
            assertThat(response.headers().get("X-LlmProxy-Attempts")).hasValue("1");
            assertThat(response.body().readUtf8()).isEqualTo(body);
        }
        LlmEvent.CallFailed end = events.only(LlmEvent.CallFailed.class);
        assertThat(end.fault()).isSameAs(events.faults().get(0));
    }

    @Test
    void aCallThatIsRefusedLastsUntilTheRefusalIsHandedOn() throws IOException {
        FakeTicker ticker = new FakeTicker();
        try (LlmProxy proxy = LlmProxy.builder()
                .ticker(ticker)
                .onFault(fault -> ticker.advance(Duration.ofSeconds(1)))
                .listener(events)
                .build()) {
            proxy.execute(
                            FakeTransport.chat(),
                            CallOptions.none(),
                            FakeTransport.answering(FakeTransport.json(503, "{}")))
                    .close();
        }
        assertThat(events.only(LlmEvent.CallFailed.class).duration()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anErrorAnswerWhoseBodyBreaksIsDiagnosedByWhatArrived() throws IOException {
        SocketException reset = new SocketException("reset");
        FakeTransport transport = FakeTransport.answering((request, attempt) -> {
            Buffer begun = new Buffer().writeUtf8("{\"error\":{\"code\":\"insufficient_quota\"");
            ForwardingSource breaking = new ForwardingSource(begun) {
                @Override
                public long read(Buffer sink, long byteCount) throws IOException {
                    long count = super.read(sink, byteCount);
                    if (count < 0) {
                        throw reset;
                    }
                    return count;
                }
            };
            return FakeTransport.response(429, Okio.buffer(breaking));
        });
        try (LlmResponse response = run(transport)) {
            assertThat(response.code()).isEqualTo(429);
            assertThatThrownBy(() -> response.body().readUtf8()).isSameAs(reset);
        }
        assertThat(events.faults()).hasSize(1);
    }

    @Test
    void aBodyThatBreaksIsAFaultThrownFromTheReadAndFromEveryReadAfterIt() throws IOException {
        SocketException reset = new SocketException("reset");
        FakeTransport transport = FakeTransport.answering((request, attempt) -> {
            ForwardingSource breaking = new ForwardingSource(new Buffer()) {
                @Override
                public long read(Buffer sink, long byteCount) throws IOException {
                    throw reset;
                }
            };
            return FakeTransport.response(200, Okio.buffer(breaking));
        });
        try (LlmResponse response = run(transport)) {
            assertThatThrownBy(() -> response.body().readUtf8())
                    .isInstanceOf(LlmFaultException.class)
                    .hasCause(reset);
            assertThatThrownBy(() -> response.body().readUtf8()).isInstanceOf(LlmFaultException.class);
        }
        assertThat(events.kinds())
                .containsExactly("CallStarted", "AttemptStarted", "FaultDetected", "AttemptFailed", "CallFailed");
    }

    @Test
    void whatTheTransportThrowsUncheckedArrivesAsItIs() {
        IllegalArgumentException own = new IllegalArgumentException("own");
        FakeTransport transport = FakeTransport.answering((request, attempt) -> {
            throw own;
        });
        assertThatThrownBy(() -> run(transport)).isSameAs(own);
        assertThat(events.only(LlmEvent.CallFailed.class).fault().cause()).isEqualTo(FaultCause.UNKNOWN);
    }

    @Test
    void aFollowUpIsAnAttemptOfItsOwn() throws IOException {
        FakeTransport transport = FakeTransport.answering(
                        FakeTransport.json(401, "{}"), FakeTransport.json(200, "{\"ok\":true}"))
                .followingUpWith(FakeTransport.chat());
        try (LlmResponse response = run(transport)) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.headers().get("X-LlmProxy-Attempts")).hasValue("2");
            assertThat(response.headers().get("X-LlmProxy-Fault")).isEmpty();
        }
        assertThat(events.only(LlmEvent.CallSucceeded.class).attempts()).isEqualTo(2);
    }

    @Test
    void aCancelledCallSendsNothing() {
        FakeTransport transport = FakeTransport.answering();
        transport.cancel();
        assertThatThrownBy(() -> run(transport)).hasMessage("canceled");
        assertThat(transport.sent()).isEmpty();
        events.only(LlmEvent.CallCancelled.class);
    }

    @Test
    void aOneShotBodyThatDoesNotFitIntoMemoryIsRefusedBeforeItIsSent() {
        FakeTransport transport = FakeTransport.answering();
        LlmBody endless = new LlmBody() {
            @Override
            public Optional<String> contentType() {
                return Optional.of("application/json");
            }

            @Override
            protected long declaredLength() {
                return LlmBody.MAX_BYTES_IN_MEMORY + 1;
            }

            @Override
            protected boolean producesOnce() {
                return true;
            }

            @Override
            protected void produce(BufferedSink sink) {
                throw new AssertionError("read");
            }
        };
        try (LlmProxy proxy =
                LlmProxy.builder().integrity(Integrity.off()).listener(events).build()) {
            assertThatThrownBy(() -> proxy.execute(
                            FakeTransport.chat().toBuilder().body(endless).build(), CallOptions.none(), transport))
                    .satisfies(e -> assertThat(
                                    LlmFaultException.faultOf(e).orElseThrow().cause())
                            .isEqualTo(FaultCause.BODY_TOO_LARGE));
        }
        assertThat(transport.sent()).isEmpty();
    }

    @Test
    void anEmptyAnswerEndsWhenItIsClosed() throws IOException {
        run(FakeTransport.answering(
                        (request, attempt) -> LlmResponse.builder(204).build()))
                .close();
        assertThat(events.only(LlmEvent.CallSucceeded.class).status()).isEqualTo(204);
    }
}
