package dev.llmproxy.limit;

import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Nanos;
import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The faults that the limits raise before anything is sent. */
final class LimitFaults {
    private LimitFaults() {}

    /** Why a call is refused. */
    enum Why {
        NO_QUEUE("calls do not wait"),
        DEADLINE("its deadline comes before its turn"),
        TOO_LONG("it would wait longer than it may"),
        QUEUE_FULL("too many calls wait already"),
        SHED("a call of a higher priority has taken its place"),
        WAITED("it has waited as long as it may");

        private final String text;

        Why(String text) {
            this.text = text;
        }
    }

    static Fault refused(CallContext call, Limiter limiter, Limit shortage, Why why, long expected, long waited) {
        Limits.Use use = limiter.use();
        Fault.Builder fault = Fault.builder(FaultCause.OWN_LIMITS)
                .summary(
                        setting(shortage, limiter.limits()) + " of " + limiter.place() + " is used up, and " + why.text)
                .where(limiter.place() + " before attempt " + (call.attemptCount() + 1))
                .evidence("call", call.id())
                .evidence("limits", limiter.limits())
                .evidence("priority", call.options().priority().name().toLowerCase(Locale.ROOT))
                .evidence("running", use.most() == 0 ? use.running() : use.running() + " of " + use.most())
                .evidence("waiting", use.waiting());
        if (waited > 0) {
            fault.evidence("waited", Nanos.text(waited));
        }
        if (expected > 0) {
            fault.evidence("expected wait", Nanos.text(expected)).retryAfter(Duration.ofNanos(expected));
        }
        remedies(fault, shortage, why, limiter.limits(), expected);
        // Only this deployment is full: another one, where there is one, may not be.
        if (call.choice().offers(Alternative.DEPLOYMENT)) {
            fault.shouldRetry(true);
        }
        return fault.build();
    }

    private static String setting(Limit shortage, Limits limits) {
        return switch (shortage) {
            case CONCURRENCY -> limits.isAdaptive() ? "adaptiveConcurrency" : "concurrency";
            case REQUESTS -> "requestsPerMinute";
            case TOKENS -> "tokensPerMinute";
        };
    }

    private static void remedies(Fault.Builder fault, Limit shortage, Why why, Limits limits, long expected) {
        switch (why) {
            case DEADLINE -> fault.remedy("give the call a later deadline");
            case NO_QUEUE, TOO_LONG, WAITED ->
                fault.remedy("let calls wait longer", "Limits.queueFor(" + longer(limits, expected) + ")");
            case QUEUE_FULL ->
                fault.remedy("let more calls wait", "Limits.queueLength(" + 2L * limits.queueLength() + ")");
            case SHED -> fault.remedy("give the call a higher priority, if somebody waits for its answer");
        }
        fault.remedy("send fewer calls at once, add a deployment, or raise " + setting(shortage, limits)
                + " if the provider allows more");
    }

    private static String longer(Limits limits, long expected) {
        long nanos = Math.max(
                2 * limits.queueNanos(),
                Math.max(expected, Duration.ofSeconds(1).toNanos()));
        return Nanos.text(nanos);
    }

    /** A call that was ended while it waited. */
    static Fault ended(CallContext call, long waited) {
        Ending ending = call.ending().or(() -> call.transport().ending()).orElse(Ending.byCaller());
        Optional<Budget> budget = ending.budget();
        Fault.Builder fault = budget.isPresent() ? timer(budget.get(), ending) : cancelled();
        return fault.where(call.info().origin().host() + " before attempt " + (call.attemptCount() + 1))
                .evidence("call", call.id())
                .evidence("waited for the limits set here", Nanos.text(waited))
                .build();
    }

    private static Fault.Builder cancelled() {
        return Fault.builder(FaultCause.CANCELLED)
                .summary("the application ended the call while it waited for the limits set here")
                .remedy("nothing, if this was meant; else look for who calls cancel() or interrupts the thread");
    }

    private static Fault.Builder timer(Budget budget, Ending ending) {
        boolean client = budget == Budget.CLIENT_CALL;
        return Fault.builder(client ? FaultCause.CLIENT_CALL_TIMEOUT : FaultCause.CALL_DEADLINE)
                .summary("the call waited for the limits set here when its " + Nanos.text(ending.limitNanos())
                        + " were over")
                .evidence("ended by", "timer " + budget.setting() + " = " + Nanos.text(ending.limitNanos()))
                .remedy(client ? "raise or remove callTimeout of the client" : "give the call more time");
    }
}
