package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import org.jspecify.annotations.Nullable;

/** Attempts that were ended from this side: who did it is known, and is not inferred. */
final class EndingRules {
    private EndingRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        Ending ending = of.evidence().ending().orElse(null);
        if (ending == null || of.answer().status() != 0) {
            return null;
        }
        if (ending.by() == Ending.By.CALLER) {
            return cancelled(of);
        }
        return ending.budget().map(budget -> timer(of, ending, budget)).orElse(null);
    }

    private static Fault.Builder cancelled(Case of) {
        return Fault.builder(FaultCause.CANCELLED)
                .summary("the application ended the call in phase "
                        + of.timing().phase() + " after "
                        + Units.time(of.timing().elapsedNanos()))
                .evidence("ended by", "the application: cancel, close or interrupt")
                .ruledOut("a timer of llmproxy: none had fired")
                .remedy("nothing, if this was meant; else look for who calls cancel() or interrupts the thread");
    }

    private static Fault.Builder timer(Case of, Ending ending, Budget budget) {
        Fault.Builder fault = switch (budget) {
            case DNS -> dns(of, ending);
            case DEADLINE -> deadline(of, ending);
            case CALL ->
                AnswerSilence.isFlowing(of, ending.limitNanos())
                        ? unfinished(of, ending, budget)
                        : callBudget(of, ending);
            case CLIENT_CALL -> clientTimeout(of, ending);
            case ATTEMPT -> wholeAttempt(of, ending);
            case CONNECT, TLS, UPLOAD, FIRST_BYTE, FIRST_TOKEN, BETWEEN_BYTES, BETWEEN_TOKENS ->
                SilenceRules.silence(of, budget, ending.limitNanos());
        };
        return fault.evidence("ended by", "timer " + budget.setting() + " = " + Units.time(ending.limitNanos()));
    }

    private static Fault.Builder dns(Case of, Ending ending) {
        return Fault.builder(FaultCause.DNS_SLOW)
                .confidence(0.95)
                .summary("the name " + of.host() + " was not resolved within " + Units.time(ending.limitNanos()))
                .ruledOut("an unknown name: the resolver would have said so")
                .remedy("look at the resolvers of this machine (/etc/resolv.conf) and the way to them")
                .remedy(
                        "allow name lookup more time",
                        "Timeouts.dns(" + SilenceRules.setting(2 * ending.limitNanos()) + ")");
    }

    private static Fault.Builder deadline(Case of, Ending ending) {
        return callEnd(of, ending).remedy("give the call more time: X-LlmProxy-Deadline or CallOptions.deadline");
    }

    private static Fault.Builder callBudget(Case of, Ending ending) {
        return callEnd(of, ending)
                .remedy(
                        "allow every call more time",
                        "Timeouts.call(" + SilenceRules.setting(2 * ending.limitNanos()) + ")");
    }

    private static Fault.Builder callEnd(Case of, Ending ending) {
        Fault.Builder fault = Fault.builder(FaultCause.CALL_DEADLINE)
                .summary("the deadline of the call, " + Units.time(ending.limitNanos()) + ", passed in phase "
                        + of.timing().phase() + " of attempt " + of.evidence().number());
        return withConsumer(of, fault);
    }

    private static Fault.Builder withConsumer(Case of, Fault.Builder fault) {
        long consumer = of.timing().consumerNanos();
        return consumer == 0 ? fault : fault.evidence("spent by the application between reads", Units.time(consumer));
    }

    private static Fault.Builder unfinished(Case of, Ending ending, Budget budget) {
        return withConsumer(of, AnswerSilence.unfinished(of, budget, ending.limitNanos()));
    }

    private static Fault.Builder clientTimeout(Case of, Ending ending) {
        return Fault.builder(FaultCause.CLIENT_CALL_TIMEOUT)
                .confidence(0.95)
                .summary("the HTTP client's own call timeout of " + Units.time(ending.limitNanos()) + " fired in phase "
                        + of.timing().phase())
                .ruledOut("a timer of llmproxy: none had fired")
                .remedy("raise or remove callTimeout of the client: it covers every attempt, every wait and the whole"
                        + " body; llmproxy has budgets for each of them");
    }

    // Payload kept coming: the answer was too long for the budget. Else it is silence of another length.
    private static Fault.Builder wholeAttempt(Case of, Ending ending) {
        boolean begun = of.timing().reached(of.answer().isStream() ? Phase.FIRST_TOKEN : Phase.FIRST_BYTE);
        if (!begun && of.timing().reached(Phase.FIRST_BYTE)) {
            return AnswerSilence.beforeFirst(of, Budget.ATTEMPT, ending.limitNanos());
        }
        if (!begun) {
            return SilenceRules.silence(of, Budget.ATTEMPT, ending.limitNanos());
        }
        return AnswerSilence.isFlowing(of, ending.limitNanos())
                ? unfinished(of, ending, Budget.ATTEMPT)
                : AnswerSilence.within(of, Budget.ATTEMPT, of.timing().idleNanos());
    }
}
