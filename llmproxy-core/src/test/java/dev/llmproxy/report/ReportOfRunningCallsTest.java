package dev.llmproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;

/** A report that is taken while calls end is one of whole calls, and counts each that it shows. */
class ReportOfRunningCallsTest {
    // So few that nothing is forgotten.
    private static final int CALLS = 900;
    private static final Fault FAULT =
            Fault.builder(FaultCause.PROVIDER_OVERLOADED).build();

    private final Recorder recorder = new Recorder(Ticker.system(), false);

    private void endCalls() {
        PhaseTimes times = PhaseTimes.of(new long[Phase.values().length]);
        for (int i = 0; i < CALLS; i++) {
            var request = FakeTransport.chat();
            CallInfo call = new CallInfo("t-", i, "openai-chat", request.url().origin(), request);
            recorder.onEvent(new LlmEvent.AttemptFailed(call, 1, "east", call.origin(), FAULT, times), i);
            recorder.onEvent(new LlmEvent.CallFailed(call, 1, "east", FAULT, Duration.ZERO), i);
        }
    }

    @RepeatedTest(20)
    void eachCallHasItsAttemptsAndIsCounted() throws InterruptedException {
        Thread calls = new Thread(this::endCalls);
        calls.start();
        do {
            Report report = recorder.report(List.of(), List.of());
            assertThat(report.calls()).allMatch(call -> call.attempts().size() == call.sent());
            assertThat(report.counts().all())
                    .isGreaterThanOrEqualTo(report.calls().size());
        } while (calls.isAlive());
        calls.join();
    }
}
