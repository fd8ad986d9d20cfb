package dev.llmproxy.timeout;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Usual;
import dev.llmproxy.event.LlmEvent;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Makes budgets of what was learned, as far as the mode lets it, and advises where it does not. */
final class Adaptation {
    static final Set<Budget> FOLLOWING = Collections.unmodifiableSet(EnumSet.of(
            Budget.FIRST_BYTE, Budget.FIRST_TOKEN, Budget.BETWEEN_BYTES, Budget.BETWEEN_TOKENS, Budget.ATTEMPT));

    private static final long ADVICE_INTERVAL_NANOS = Duration.ofMinutes(10).toNanos();
    private static final long TOO_LONG = 4;
    private static final int MANY = 200;

    private final Timeouts timeouts;
    private final Limits limits;
    private final boolean readsRequests;
    private final LatencyModel model = new LatencyModel();

    Adaptation(Timeouts timeouts, Limits limits, boolean readsRequests) {
        this.timeouts = timeouts;
        this.limits = limits;
        this.readsRequests = readsRequests;
    }

    LatencyModel model() {
        return model;
    }

    /** Says whether it is known for which model a call is; else all answers of a place are taken as alike. */
    boolean knowsModels() {
        return readsRequests || follows();
    }

    boolean follows() {
        return timeouts.mode() != Adapt.OBSERVE;
    }

    /** Returns the budgets of such answers, by ordinal; not to be changed. */
    long[] budgets(Latency of, long now) {
        long[] base = limits.of(of.key().streaming());
        if (!follows()) {
            return base;
        }
        Budgets known = of.budgets(now);
        if (known == null) {
            known = computed(of, base, now);
            of.budgets(known);
        }
        return known.nanos();
    }

    private Budgets computed(Latency of, long[] base, long now) {
        Estimate estimate = of.estimate(now);
        Budgets before = of.lastBudgets();
        long[] calm = base.clone();
        long[] nanos = base.clone();
        if (estimate.isEnough()) {
            Budgets from = before == null ? new Budgets(base, base, now) : before;
            for (Budget budget : FOLLOWING) {
                int i = budget.ordinal();
                calm[i] = followed(budget, base[i], of.budget(budget, estimate, true), from, now);
                nanos[i] = timeouts.follows(budget) ? Math.max(calm[i], of.budget(budget, estimate, false)) : calm[i];
            }
        }
        return new Budgets(Limits.enclosed(nanos, of.key().streaming()), calm, now);
    }

    private long followed(Budget budget, long base, long wanted, Budgets before, long now) {
        if (wanted == 0 || !timeouts.follows(budget)) {
            return base;
        }
        return timeouts.mode() == Adapt.RAISE_ONLY
                ? Math.max(base, wanted)
                : before.lowered(budget.ordinal(), wanted, now);
    }

    /** Tells, now and then, which budgets do not fit what is usual. */
    void advise(CallContext call, Attempt attempt, Latency of, long now) {
        if (!of.isAdviceDue(now, ADVICE_INTERVAL_NANOS, MANY)) {
            return;
        }
        Usual usual = of.usual(now);
        if (!usual.isKnown()) {
            return;
        }
        of.advised(now, usual.samples());
        Budget first = of.key().streaming() ? Budget.FIRST_TOKEN : Budget.FIRST_BYTE;
        long present = limits.of(first);
        boolean tooShort = usual.isTooShort(present);
        long firstAdvised = tooShort ? usual.firstInPlaceOf(present) : usual.firstAdvised();
        advise(call, attempt, first, usual, usual.firstHigh(), firstAdvised, tooShort);
        boolean gapTooShort = limits.of(Budget.BETWEEN_BYTES) < usual.gapHigh();
        advise(call, attempt, Budget.BETWEEN_BYTES, usual, usual.gapHigh(), usual.gapAdvised(), gapTooShort);
    }

    private void advise(
            CallContext call, Attempt attempt, Budget budget, Usual usual, long high, long advised, boolean tooShort) {
        long present = limits.of(budget);
        // Of attempts that were cut short the length is not known: then nothing is called too long.
        boolean isFirm = usual.samples() >= MANY && usual.cutShort() * 100 <= usual.samples();
        boolean tooLong = isFirm && present > TOO_LONG * advised;
        if (advised == 0 || !(tooShort || tooLong)) {
            return;
        }
        boolean followed = timeouts.follows(budget) && (tooShort || timeouts.mode() != Adapt.RAISE_ONLY);
        call.emit(new LlmEvent.TimeoutAdvised(
                call.info(),
                attempt.deployment(),
                budget.setting(),
                Duration.ofNanos(present),
                Duration.ofNanos(advised),
                Duration.ofNanos(high),
                usual.samples(),
                followed));
    }
}
