package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that are ended while a stage waits, or before it sends. */
class EndedWaitTest {
    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final FakeTransport transport = FakeTransport.answering(FakeTransport.ok());

    @AfterEach
    void nothingWasSentAndTheCallHasEnded() {
        assertThat(transport.sent()).isEmpty();
        events.assertBalanced();
    }

    private Throwable call(Stage waiting) {
        CallOptions options = CallOptions.none().deadline(Duration.ofMillis(400));
        try (LlmProxy proxy = LlmProxy.builder()
                .aroundCall(waiting)
                .ticker(ticker)
                .listener(events)
                .build()) {
            return catchThrowable(() -> proxy.execute(FakeTransport.chat(), options, transport));
        }
    }

    private void assertDeadline(Throwable thrown) {
        Fault fault = LlmFaultException.faultOf(thrown).orElseThrow(() -> new AssertionError(thrown));
        assertThat(fault.cause()).isEqualTo(FaultCause.CALL_DEADLINE);
        assertThat(fault.evidence("ended by")).hasValue("timer deadline = 400 ms");
        assertThat(fault.mayHaveBilled()).isFalse();
        assertThat(events.only(LlmEvent.CallFailed.class).fault()).isEqualTo(fault);
        assertThat(events.faults()).containsExactly(fault);
    }

    @Test
    void aDeadlineThatEndsAWaitIsTheFault() {
        assertDeadline(call((request, chain) -> {
            chain.call().await(Duration.ofMinutes(1));
            return chain.proceed(request);
        }));
    }

    @Test
    void aDeadlineThatPassesBeforeAnythingIsSentIsTheFault() {
        assertDeadline(call((request, chain) -> {
            ticker.advance(Duration.ofMinutes(1));
            return chain.proceed(request);
        }));
    }

    @Test
    void aCancellationIsNoFault() {
        Throwable thrown = call((request, chain) -> {
            transport.cancelByCaller();
            chain.call().await(Duration.ofMinutes(1));
            return chain.proceed(request);
        });
        assertThat(thrown).isInstanceOf(InterruptedIOException.class);
        assertThat(events.kinds()).containsExactly("CallStarted", "CallCancelled");
    }

    @Test
    void whatAStageThrowsByItselfStaysWhatItIs() {
        Throwable thrown = call((request, chain) -> {
            ticker.advance(Duration.ofMinutes(1));
            throw new IllegalStateException("of the application");
        });
        assertThat(thrown).hasMessage("of the application");
    }
}
