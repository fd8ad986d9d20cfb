package dev.llmproxy.chain;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.Listeners;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls and attempts of which a simulation says what happens to them: nothing is sent, and nobody waits. */
public final class SimulatedCalls {
    private SimulatedCalls() {}

    /** Begins a call. */
    public static CallContext call(LlmRequest request, long number, Ticker ticker) {
        Dialect dialect = Dialect.ofRequest(request).orElseThrow();
        CallInfo info =
                new CallInfo("s", number, dialect.id(), request.url().origin(), request.readBy(dialect.factsReader()));
        Listeners nobody = new Listeners(List.of(), ticker::nanos);
        return new CallContext(
                info, request, CallOptions.none(), new FakeTransport(), ticker, nobody, NoTimers.FACTORY);
    }

    /** Begins an attempt of a call, which goes where its choice says. */
    public static Attempt begin(CallContext call) {
        Attempt attempt = call.beginAttempt(call.request());
        attempt.mark(Phase.WAIT);
        return attempt;
    }

    /** Ends an attempt with a fault. */
    public static void fail(CallContext call, Attempt attempt, Fault fault) {
        attempt.mark(Phase.END);
        attempt.failedBy(fault);
        call.note(attempt.number(), fault);
    }

    private enum NoTimers implements AttemptTimers {
        NONE;

        static final Factory FACTORY = call -> NONE;

        @Override
        public void attemptStarted(Attempt attempt) {}

        @Override
        public long readStarted(Attempt attempt) {
            return 0;
        }

        @Override
        public long readEnded(Attempt attempt) {
            return 0;
        }

        @Override
        public void readFailed(Attempt attempt) {}

        @Override
        public void handedOver(@Nullable Attempt attempt, Object body) {}

        @Override
        public void attemptSucceeded(Attempt attempt, AnswerInfo answer, boolean whole) {}

        @Override
        public void attemptFailed(Attempt attempt, Fault fault) {}

        @Override
        public Usual usual(Attempt attempt) {
            return Usual.unknown();
        }

        @Override
        public long pausedNanos(long from, long to) {
            return 0;
        }

        @Override
        public void callEnded() {}
    }
}
