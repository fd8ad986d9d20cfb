package dev.llmproxy.timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.BufferedSource;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Budgets in virtual time: a read that waits lets the time pass, and ends when the transport is cancelled. */
class CallTimerTest {
    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final FakeTransport transport = new FakeTransport();
    private final List<Runnable> network = new ArrayList<>();
    private Timeouts timeouts = Timeouts.standard();
    private CallOptions options = CallOptions.none();

    @AfterEach
    void nothingIsLeft() {
        events.assertBalanced();
        assertThat(ticker.repetitions()).isZero();
    }

    /** A body of as many bytes as there are steps; before each byte its step runs. */
    private final class SlowBody implements Source {
        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            if (network.isEmpty()) {
                return -1;
            }
            network.remove(0).run();
            if (transport.isCancelled()) {
                throw new IOException("closed");
            }
            sink.writeByte('x');
            return 1;
        }

        @Override
        public Timeout timeout() {
            return new Timeout();
        }

        @Override
        public void close() {}
    }

    private Runnable silence(Duration duration) {
        return () -> ticker.advance(duration);
    }

    private LlmResponse open(LlmProxy proxy) throws IOException {
        FakeTransport.Answer answer = (request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            BufferedSource body = Okio.buffer(new SlowBody());
            return FakeTransport.response(200, body).toBuilder()
                    .header("Content-Type", "text/event-stream")
                    .build();
        };
        transport.script(answer);
        return proxy.execute(FakeTransport.chat(), options, transport);
    }

    private LlmProxy proxy() {
        return LlmProxy.builder()
                .integrity(Integrity.off())
                .ticker(ticker)
                .timeouts(timeouts)
                .listener(events)
                .build();
    }

    private String read() throws IOException {
        try (LlmProxy proxy = proxy();
                LlmResponse response = open(proxy)) {
            return response.body().readUtf8();
        }
    }

    private Fault failure() {
        try {
            throw new AssertionError("read: " + read());
        } catch (IOException e) {
            return LlmFaultException.faultOf(e).orElseThrow(() -> new AssertionError(e));
        }
    }

    @Test
    void aBodyThatKeepsComingIsNotDisturbed() throws IOException {
        for (int i = 0; i < 8; i++) {
            network.add(silence(Duration.ofSeconds(59)));
        }
        assertThat(read()).isEqualTo("xxxxxxxx");
        assertThat(events.only(LlmEvent.CallSucceeded.class).duration()).isEqualTo(Duration.ofSeconds(8 * 59));
    }

    @Test
    void silenceEndsTheCallWhenItsBudgetIsUsedUp() {
        network.add(silence(Duration.ofSeconds(10)));
        network.add(silence(Duration.ofSeconds(90)));
        Fault fault = failure();
        assertThat(fault.cause()).isEqualTo(FaultCause.STREAM_STALLED);
        assertThat(fault.evidence("ended by")).hasValue("timer betweenBytes = 60 s");
        assertThat(fault.remedies().get(1).setting()).hasValue("Timeouts.betweenBytes(PT2M)");
    }

    @Test
    void aDripDoesNotStretchTheAttempt() {
        timeouts = timeouts.attempt(Duration.ofSeconds(100));
        for (int i = 0; i < 20; i++) {
            network.add(silence(Duration.ofSeconds(30)));
        }
        Fault fault = failure();
        assertThat(fault.cause()).isEqualTo(FaultCause.LONG_ANSWER);
        assertThat(fault.evidence("received")).hasValue("3 bytes");
    }

    @Test
    void theDeadlineOfTheCallIsTheShorterOfItsOwnAndTheProxys() {
        options = CallOptions.none().deadline(Duration.ofSeconds(20));
        network.add(silence(Duration.ofSeconds(15)));
        network.add(silence(Duration.ofSeconds(15)));
        Fault fault = failure();
        assertThat(fault.cause()).isEqualTo(FaultCause.CALL_DEADLINE);
        assertThat(fault.summary()).startsWith("the deadline of the call, 20 s, passed");
    }

    @Test
    void aConsumerThatPausesBetweenReadsIsNotCutForSilence() throws IOException {
        network.add(silence(Duration.ofSeconds(1)));
        network.add(silence(Duration.ofSeconds(1)));
        try (LlmProxy proxy = proxy();
                LlmResponse response = open(proxy)) {
            assertThat(response.body().readByte()).isEqualTo((byte) 'x');
            ticker.advance(Duration.ofMinutes(5));
            assertThat(response.body().readByte()).isEqualTo((byte) 'x');
            assertThat(response.body().exhausted()).isTrue();
        }
    }

    @Test
    void theDeadlineRunsWhileTheConsumerPausesAndSaysSo() throws IOException {
        options = CallOptions.none().deadline(Duration.ofMinutes(1));
        network.add(silence(Duration.ofSeconds(1)));
        network.add(silence(Duration.ofSeconds(1)));
        network.add(silence(Duration.ofSeconds(20)));
        try (LlmProxy proxy = proxy();
                LlmResponse response = open(proxy)) {
            assertThat(response.body().readByte()).isEqualTo((byte) 'x');
            ticker.advance(Duration.ofSeconds(50));
            assertThat(response.body().readByte()).isEqualTo((byte) 'x');
            assertThatThrownBy(() -> response.body().readByte()).satisfies(e -> {
                Fault fault = LlmFaultException.faultOf(e).orElseThrow();
                assertThat(fault.cause()).isEqualTo(FaultCause.CALL_DEADLINE);
                assertThat(fault.evidence("spent by the application between reads"))
                        .hasValue("50 s");
            });
        }
    }

    @Test
    void aTimerThatFiresLateGivesTheAnswerAMomentMore() throws IOException {
        network.add(silence(Duration.ofSeconds(1)));
        network.add(() -> ticker.freeze(Duration.ofSeconds(90)));
        network.add(silence(Duration.ofSeconds(1)));
        assertThat(read()).isEqualTo("xxx");
        assertThat(events.only(LlmEvent.PauseAbsorbed.class).late()).isGreaterThan(Duration.ofSeconds(25));
    }

    @Test
    void aTimerThatFiresInTimeBecauseThePauseEndedJustThenGivesIt() throws IOException {
        network.add(silence(Duration.ofSeconds(1)));
        network.add(() -> {
            ticker.advance(Duration.ofSeconds(58));
            ticker.freeze(Duration.ofMillis(2_050));
        });
        network.add(silence(Duration.ofSeconds(1)));
        assertThat(read()).isEqualTo("xxx");
        assertThat(events.only(LlmEvent.PauseAbsorbed.class).late()).isGreaterThan(Duration.ofMillis(200));
    }

    @Test
    void noMomentIsGivenWhereThisProcessHasRunSincePausing() {
        network.add(silence(Duration.ofSeconds(1)));
        network.add(() -> {
            ticker.freeze(Duration.ofSeconds(50));
            ticker.advance(Duration.ofSeconds(11));
        });
        assertThat(failure().cause()).isEqualTo(FaultCause.STREAM_STALLED);
        assertThat(events.events(LlmEvent.PauseAbsorbed.class)).isEmpty();
    }

    @Test
    void afterAPauseTheClientHasTimeToEndItsOwnWaitForTheHead() throws IOException {
        timeouts = timeouts.firstByte(Duration.ofMillis(800));
        FakeTransport.Answer answer = (request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            ticker.advance(Duration.ofMillis(1));
            ticker.freeze(Duration.ofSeconds(2));
            ticker.advance(Duration.ofMillis(700));
            assertThat(transport.isCancelled()).isFalse();
            throw new SocketTimeoutException("timeout");
        };
        transport.script(answer);
        try (LlmProxy proxy = proxy()) {
            assertThatThrownBy(() -> proxy.execute(FakeTransport.chat(), options, transport))
                    .hasCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void theMomentIsGivenOnce() {
        network.add(silence(Duration.ofSeconds(1)));
        network.add(() -> {
            ticker.freeze(Duration.ofSeconds(90));
            ticker.advance(Duration.ofSeconds(1));
        });
        assertThat(failure().cause()).isEqualTo(FaultCause.STREAM_STALLED);
    }

    @Test
    void waitingEndsWithTheDeadline() {
        options = CallOptions.none().deadline(Duration.ofSeconds(5));
        try (LlmProxy proxy = LlmProxy.builder()
                .integrity(Integrity.off())
                .ticker(ticker)
                .listener(events)
                .aroundCall((request, chain) -> {
                    chain.call().await(Duration.ofMinutes(1));
                    return chain.proceed(request);
                })
                .build()) {
            assertThatThrownBy(() -> proxy.execute(FakeTransport.chat(), options, transport))
                    .isInstanceOf(InterruptedIOException.class);
        }
        assertThat(transport.sent()).isEmpty();
    }

    @Test
    void aProxyThatIsClosedKeepsTimeForItsRunningCallsAndThenStops() throws IOException {
        network.add(silence(Duration.ofSeconds(1)));
        network.add(silence(Duration.ofSeconds(90)));
        LlmProxy proxy = proxy();
        LlmResponse response = open(proxy);
        proxy.close();
        assertThat(ticker.repetitions()).isEqualTo(1);
        assertThatThrownBy(() -> response.body().readUtf8()).isInstanceOf(LlmFaultException.class);
        ticker.advance(Duration.ofSeconds(2));
    }

    @Test
    void aThousandCallsNeedNoMoreRepetitionsThanOne() {
        try (LlmProxy proxy = proxy()) {
            for (int i = 0; i < 1_000; i++) {
                FakeTransport each = FakeTransport.answering(FakeTransport.ok());
                assertThatCode(() -> proxy.execute(FakeTransport.chat(), options, each)
                                .close())
                        .doesNotThrowAnyException();
            }
            // The watchdog and the pulse of the diagnosis.
            assertThat(ticker.repetitions()).isEqualTo(2);
        }
    }
}
