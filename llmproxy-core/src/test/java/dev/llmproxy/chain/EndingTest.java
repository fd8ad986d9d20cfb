package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
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
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndingTest {
    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private Integrity integrity = Integrity.strict();

    /** Is cancelled by a timer while somebody asks who has cancelled it. */
    private static final class CancelledTransport implements Transport {
        private Optional<Attempt> sent = Optional.empty();

        @Override
        public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
            sent = Optional.of(attempt);
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            throw new IOException("Canceled");
        }

        @Override
        public Optional<Ending> ending() {
            sent.ifPresent(attempt -> attempt.endedBy(Ending.byTimer(Budget.FIRST_BYTE, 1_000_000)));
            return Optional.of(Ending.byCaller());
        }
    }

    @Test
    void aTimerThatCancelsIsNotTakenForTheApplication() {
        List<Fault> faults = new ArrayList<>();
        try (LlmProxy proxy = LlmProxy.builder()
                        .ticker(new FakeTicker())
                        .onFault(faults::add)
                        .build();
                LlmResponse response =
                        proxy.execute(FakeTransport.chat(), CallOptions.none(), new CancelledTransport())) {
            throw new AssertionError(response);
        } catch (IOException e) {
            assertThat(faults)
                    .singleElement()
                    .satisfies(fault -> assertThat(fault.cause()).isEqualTo(FaultCause.PROVIDER_HUNG));
        }
    }

    private LlmProxy proxy(Timeouts timeouts) {
        return LlmProxy.builder()
                .ticker(ticker)
                .timeouts(timeouts)
                .listener(events)
                .integrity(integrity)
                .build();
    }

    private Fault failure(Timeouts timeouts, FakeTransport transport) {
        try (LlmProxy proxy = proxy(timeouts);
                LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            throw new AssertionError(response);
        } catch (IOException e) {
            events.assertBalanced();
            return LlmFaultException.faultOf(e).orElseThrow(() -> new AssertionError(e));
        }
    }

    private FakeTransport answeringAfter(Runnable wait) {
        return FakeTransport.answering((request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            wait.run();
            return FakeTransport.ok().to(request, attempt);
        });
    }

    @Test
    void anAnswerThatComesJustAsATimerEndsTheCallIsNotHandedOver() {
        // Nothing is read before it is handed over.
        integrity = Integrity.off();
        FakeTransport transport = answeringAfter(() -> ticker.advance(Duration.ofSeconds(5)));
        Fault fault = failure(Timeouts.standard().call(Duration.ofSeconds(5)), transport);
        assertThat(transport.isCancelled()).isTrue();
        assertThat(fault.cause()).isEqualTo(FaultCause.CALL_DEADLINE);
        assertThat(events.only(LlmEvent.CallFailed.class).fault().cause()).isEqualTo(FaultCause.CALL_DEADLINE);
    }

    @Test
    void anAnswerThatComesJustAsAProcessRunsAgainIsNotCutByItsPause() throws IOException {
        FakeTransport transport = answeringAfter(() -> {
            ticker.advance(Duration.ofMillis(100));
            // Beyond the end of a head that drips, by less than is late by itself.
            ticker.freeze(Duration.ofMillis(1_500));
        });
        try (LlmProxy proxy = proxy(Timeouts.standard().firstByte(Duration.ofMillis(500)));
                LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            assertThat(response.code()).isEqualTo(200);
        }
        assertThat(transport.isCancelled()).isFalse();
    }

    @Test
    void aTimerLetsAnAnswerBeTakenThatHasJustBeenHandedOver() throws IOException {
        FakeTransport transport = answeringAfter(() -> ticker.advance(Duration.ofMillis(4_999)));
        try (LlmProxy proxy = proxy(Timeouts.standard().call(Duration.ofSeconds(5)));
                LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            ticker.advance(Duration.ofMillis(500));
            assertThat(transport.isCancelled()).isFalse();
            ticker.advance(Duration.ofSeconds(1));
            assertThat(transport.isCancelled()).isTrue();
            assertThat(response.code()).isEqualTo(200);
        }
    }
}
