package dev.llmproxy.chain;

import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is told at the end of the body of an answer: that of its attempt, and that of its call. */
final class AnswerEnd {
    private AnswerEnd() {}

    static LlmEvent ofAttempt(CallContext call, Attempt attempt, int status, long bytes, long events, AnswerInfo info) {
        return new LlmEvent.AttemptSucceeded(
                call.info(),
                attempt.number(),
                attempt.deployment(),
                attempt.url().origin(),
                status,
                attempt.times(),
                attempt.consumerNanos(),
                bytes,
                events,
                info);
    }

    /**
     * Returns the end of a call that got its answer.
     *
     * @param attempt the attempt that got it, or null for an answer of a stage
     * @param exhausted whether it was read to its end
     */
    static LlmEvent.OfCall ofCall(
            CallContext call,
            @Nullable Attempt attempt,
            int status,
            long bytes,
            boolean exhausted,
            AnswerInfo info,
            long now) {
        return new LlmEvent.CallSucceeded(
                call.info(),
                call.attemptCount(),
                attempt == null ? "" : attempt.deployment(),
                status,
                firstToken(call, attempt),
                age(call, now),
                bytes,
                exhausted,
                info);
    }

    private static Duration firstToken(CallContext call, @Nullable Attempt attempt) {
        return attempt == null || !attempt.reached(Phase.FIRST_TOKEN)
                ? Duration.ZERO
                : Duration.ofNanos(attempt.markedAt(Phase.FIRST_TOKEN) - call.startedAt());
    }

    /** Returns the end of a call that has failed, or was cancelled. */
    static LlmEvent.OfCall ofFailedCall(CallContext call, Fault fault, long now) {
        int attempts = call.attemptCount();
        return fault.cause() == FaultCause.CANCELLED
                ? new LlmEvent.CallCancelled(call.info(), attempts, call.deployment(), age(call, now))
                : new LlmEvent.CallFailed(call.info(), attempts, call.deployment(), fault, age(call, now));
    }

    private static Duration age(CallContext call, long now) {
        return Duration.ofNanos(now - call.startedAt());
    }
}
