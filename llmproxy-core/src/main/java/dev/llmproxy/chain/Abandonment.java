package dev.llmproxy.chain;

import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;

/** Ends a call whose answer the application dropped without closing it. */
final class Abandonment {
    private Abandonment() {}

    static void end(CallContext call) {
        if (call.hasEnded()) {
            return;
        }
        Attempt last = call.lastAttempt();
        call.emit(new LlmEvent.ResponseLeaked(call.info(), call.age()));
        if (last != null && last.isOpen() && !call.isSharing()) {
            last.mark(Phase.END);
            call.emit(new LlmEvent.AttemptFailed(
                    call.info(), last.number(), last.deployment(), last.url().origin(), dropped(), last.times()));
        }
        long now = call.ticker().nanos();
        Duration age = Duration.ofNanos(now - call.startedAt());
        call.end(new LlmEvent.CallCancelled(call.info(), call.attemptCount(), call.deployment(), age), now);
    }

    private static Fault dropped() {
        return Fault.builder(FaultCause.CANCELLED)
                .summary("the application dropped the response without closing it")
                .remedy("close every response, for instance with try-with-resources")
                .mayHaveBilled(true)
                .build();
    }
}
