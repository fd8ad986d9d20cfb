package dev.llmproxy.diagnosis;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.AttemptStage;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.CallStage;
import dev.llmproxy.chain.StageChain;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.Listeners;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.timeout.TimeoutTimers;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** One call from a machine in a state, in virtual time: what does the diagnosis say of it? */
final class LocalCall {
    /** What happens in an attempt. */
    @FunctionalInterface
    interface Course {
        /** Lets time pass, and fails at last. */
        void run(Attempt attempt) throws IOException;
    }

    static final Duration LIMIT = Duration.ofSeconds(1);

    final FakeTicker ticker = new FakeTicker();
    final FakeMachine machine = new FakeMachine();

    /** Lets the time pass from which an answer is waited for. */
    static void waits(Attempt attempt) {
        attempt.mark(Phase.SEND);
        attempt.mark(Phase.WAIT);
    }

    Fault fault(Course course) {
        RecordingListener events = new RecordingListener();
        try (LocalHealth health = new LocalHealth(ticker, machine);
                RuleDiagnosis diagnosis = new RuleDiagnosis(health);
                TimeoutTimers timers = new TimeoutTimers(
                        Timeouts.standard().firstByte(LIMIT).connect(LIMIT).tls(LIMIT), ticker, false)) {
            ticker.advance(Duration.ofSeconds(2));
            LlmRequest request = FakeTransport.chat();
            FakeTransport transport = FakeTransport.answering((sent, attempt) -> {
                course.run(attempt);
                throw new AssertionError("it went well");
            });
            CallContext call = new CallContext(
                    new CallInfo("t-", 1, "openai.chat", request.url().origin(), request),
                    request,
                    CallOptions.none(),
                    transport,
                    ticker,
                    new Listeners(List.of(events), ticker::nanos),
                    timers);
            transport.callStarted(call);
            var unused = StageChain.run(
                    StageChain.of(List.of(new CallStage(), new AttemptStage(List.of(), diagnosis))), call, request);
        } catch (IOException | OutOfMemoryError e) {
            return events.faults().get(0);
        }
        throw new AssertionError("no fault");
    }
}
