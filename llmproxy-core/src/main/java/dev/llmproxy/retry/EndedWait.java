package dev.llmproxy.retry;

import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.Optional;

/** The fault of a call that was ended between two attempts, where there is no attempt to diagnose. */
final class EndedWait {
    private EndedWait() {}

    static Fault fault(CallContext call, boolean mayHaveBilled) {
        Ending ending = call.ending().or(() -> call.transport().ending()).orElse(Ending.byCaller());
        Optional<Budget> budget = ending.budget();
        Fault.Builder fault = budget.isPresent() ? timer(budget.get(), ending) : cancelled();
        return fault.where(call.info().origin().host() + " after attempt " + call.attemptCount())
                .evidence("call", call.id())
                .mayHaveBilled(mayHaveBilled)
                .build();
    }

    private static Fault.Builder cancelled() {
        return Fault.builder(FaultCause.CANCELLED)
                .summary("the application ended the call before it was sent again")
                .remedy("nothing, if this was meant; else look for who calls cancel() or interrupts the thread");
    }

    private static Fault.Builder timer(Budget budget, Ending ending) {
        boolean client = budget == Budget.CLIENT_CALL;
        return Fault.builder(client ? FaultCause.CLIENT_CALL_TIMEOUT : FaultCause.CALL_DEADLINE)
                .summary("the call was to be sent again when its " + Nanos.text(ending.limitNanos()) + " were over")
                .evidence("ended by", "timer " + budget.setting() + " = " + Nanos.text(ending.limitNanos()))
                .remedy(client ? "raise or remove callTimeout of the client" : "give the call more time");
    }
}
