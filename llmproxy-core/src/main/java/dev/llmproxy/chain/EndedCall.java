package dev.llmproxy.chain;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Optional;

/** The fault of a call that was ended from outside while no attempt of its own was under way. */
final class EndedCall {
    private EndedCall() {}

    static Fault fault(CallContext call) {
        Ending ending = call.ending().or(() -> call.transport().ending()).orElse(Ending.byCaller());
        Optional<Budget> budget = ending.budget();
        Fault.Builder fault = budget.isPresent() ? timer(budget.get(), ending) : cancelled();
        return fault.where(call.info().origin().host())
                .evidence("call", call.id())
                .mayHaveBilled(call.attemptCount() > 0)
                .build();
    }

    private static Fault.Builder cancelled() {
        return Fault.builder(FaultCause.CANCELLED)
                .summary("the application ended the call before its answer was whole")
                .evidence("ended by", "the application: cancel, close or interrupt")
                .remedy("nothing, if this was meant; else look for who calls cancel() or interrupts the thread");
    }

    private static Fault.Builder timer(Budget budget, Ending ending) {
        boolean client = budget == Budget.CLIENT_CALL;
        String limit = Duration.ofNanos(ending.limitNanos()).toMillis() + " ms";
        return Fault.builder(client ? FaultCause.CLIENT_CALL_TIMEOUT : FaultCause.CALL_DEADLINE)
                .summary("the time of the call, " + limit + ", passed before its answer was whole")
                .evidence("ended by", "timer " + budget.setting() + " = " + limit)
                .remedy(client ? "raise or remove callTimeout of the client" : "give the call more time");
    }
}
