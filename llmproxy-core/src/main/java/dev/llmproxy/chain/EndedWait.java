package dev.llmproxy.chain;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.Optional;

/** The fault of a call that was ended before an attempt or between two, where there is no attempt to diagnose. */
final class EndedWait {
    private EndedWait() {}

    static Optional<Ending> endingOf(CallContext call) {
        return call.ending().or(() -> call.transport().ending());
    }

    static Fault fault(CallContext call, boolean mayHaveBilled) {
        Ending ending = endingOf(call).orElse(Ending.byCaller());
        Optional<Budget> budget = ending.budget();
        int sent = call.attemptCount();
        Fault.Builder fault = budget.isPresent() ? timer(budget.get(), ending, sent) : cancelled(sent);
        return fault.where(call.info().origin().host() + (sent == 0 ? " before attempt 1" : " after attempt " + sent))
                .evidence("call", call.id())
                .mayHaveBilled(mayHaveBilled)
                .build();
    }

    private static Fault.Builder cancelled(int sent) {
        return Fault.builder(FaultCause.CANCELLED)
                .summary("the application ended the call before it was sent" + again(sent))
                .remedy("nothing, if this was meant; else look for who calls cancel() or interrupts the thread");
    }

    private static Fault.Builder timer(Budget budget, Ending ending, int sent) {
        boolean client = budget == Budget.CLIENT_CALL;
        String limit = Nanos.text(ending.limitNanos());
        return Fault.builder(client ? FaultCause.CLIENT_CALL_TIMEOUT : FaultCause.CALL_DEADLINE)
                .summary("the call was to be sent" + again(sent) + " when its " + limit + " were over")
                .evidence("ended by", "timer " + budget.setting() + " = " + limit)
                .remedy(client ? "raise or remove callTimeout of the client" : "give the call more time");
    }

    private static String again(int sent) {
        return sent == 0 ? "" : " again";
    }
}
