package dev.llmproxy.timeout;

import dev.llmproxy.chain.Budget;

/** Budgets as the hot path reads them: nanoseconds by ordinal, shared by all attempts that no deadline shortens. */
final class Limits {
    private static final Budget[] BUDGETS = Budget.values();

    private final long[] nanos = new long[BUDGETS.length];
    private final long longest;

    Limits(Timeouts timeouts) {
        long longestSoFar = 0;
        long attempt = timeouts.get(Budget.ATTEMPT).toNanos();
        for (Budget budget : BUDGETS) {
            long own = timeouts.get(budget).toNanos();
            nanos[budget.ordinal()] = budget == Budget.CALL ? own : Math.min(own, attempt);
            if (budget != Budget.CALL) {
                longestSoFar = Math.max(longestSoFar, nanos[budget.ordinal()]);
            }
        }
        this.longest = longestSoFar;
    }

    long of(Budget budget) {
        return nanos[budget.ordinal()];
    }

    /** Returns the limits of an attempt that has this time left. */
    long[] within(long left) {
        if (left >= longest) {
            return nanos;
        }
        long[] cut = nanos.clone();
        for (int i = 0; i < cut.length; i++) {
            cut[i] = Math.min(cut[i], left);
        }
        return cut;
    }
}
