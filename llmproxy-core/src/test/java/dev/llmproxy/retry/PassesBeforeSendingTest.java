package dev.llmproxy.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.AttemptStage;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.CallStage;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.StageChain;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.Listeners;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.timeout.TimeoutTimers;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The stages that choose stand between this one and the attempt; here a scripted one does. */
class PassesBeforeSendingTest {
    private final RecordingListener events = new RecordingListener();
    private final List<Alternative> taken = new ArrayList<>();
    private final RetryStage retry = new RetryStage(Retry.attempts(3), new RecordingRandom(1), new Stage[0]);

    private LlmResponse run(Stage choosing, FakeTransport transport) throws IOException {
        LlmRequest request = FakeTransport.chat();
        CallInfo info = new CallInfo("t-", 1, "openai.chat", request.url().origin(), request);
        FakeTicker ticker = new FakeTicker();
        try (TimeoutTimers timers = new TimeoutTimers(Timeouts.standard(), ticker, false)) {
            return run(
                    choosing,
                    new CallContext(
                            info,
                            request,
                            CallOptions.none(),
                            transport,
                            ticker,
                            new Listeners(List.of(events), ticker::nanos),
                            timers));
        }
    }

    private LlmResponse run(Stage choosing, CallContext call) throws IOException {
        call.transport().callStarted(call);
        AttemptStage attempt = new AttemptStage(List.of(), new RuleDiagnosis());
        return StageChain.run(StageChain.of(List.of(new CallStage(), retry, choosing, attempt)), call, call.request());
    }

    private Stage choosing(int failures, FaultCause cause) {
        return (request, chain) -> {
            taken.add(chain.call().choice().taken());
            chain.call().choice().aimedAt("d" + taken.size());
            chain.call().choice().offer(Alternative.DEPLOYMENT, true);
            if (taken.size() <= failures) {
                throw chain.call().raise(Fault.builder(cause).build());
            }
            return chain.proceed(request);
        };
    }

    @Test
    void aPassThatSendsNothingCountsButGetsNoNumber() throws IOException {
        run(choosing(2, FaultCause.KEY_MALFORMED), FakeTransport.answering(FakeTransport.ok()))
                .close();
        assertThat(taken).containsExactly(Alternative.NONE, Alternative.DEPLOYMENT, Alternative.DEPLOYMENT);
        assertThat(events.only(LlmEvent.CallSucceeded.class).attempts()).isEqualTo(1);
        assertThat(events.events(LlmEvent.RetryScheduled.class))
                .extracting(LlmEvent.RetryScheduled::attempt)
                .containsExactly(1, 1);
        events.assertBalanced();
    }

    @Test
    void whenAllPassesAreUsedUpNothingWasSent() {
        FakeTransport transport = FakeTransport.answering();
        assertThatThrownBy(() -> run(choosing(9, FaultCause.KEY_MISSING), transport))
                .isInstanceOf(LlmFaultException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
        assertThat(taken).hasSize(3);
        events.assertBalanced();
    }

    @Test
    void anExceptionOfAnotherStageKeepsWhatCameBefore() {
        IOException own = new IOException("own");
        Stage stage = (request, chain) -> {
            if (taken.isEmpty()) {
                return choosing(1, FaultCause.DNS_SLOW).handle(request, chain);
            }
            throw own;
        };
        assertThatThrownBy(() -> run(stage, FakeTransport.answering()))
                .isSameAs(own)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }
}
