package dev.llmproxy.timeout;

import dev.llmproxy.chain.Budget;

/** Budgets as the hot path reads them: nanoseconds by ordinal, shared by all attempts that no deadline shortens. */
final class Limits {
    private static final Budget[] BUDGETS = Budget.values();

    private final long[] set;
    private final long[] plain;
    private final long[] streamed;
    private final boolean silenceSet;
    private final boolean alike;

    Limits(Timeouts timeouts) {
        long[] nanos = new long[BUDGETS.length];
        for (Budget budget : BUDGETS) {
            nanos[budget.ordinal()] = timeouts.get(budget).toNanos();
        }
        this.set = nanos;
        this.plain = enclosed(nanos, false);
        this.streamed = enclosed(nanos, true);
        this.alike = plain[Budget.FIRST_BYTE.ordinal()] == streamed[Budget.FIRST_BYTE.ordinal()];
        this.silenceSet = timeouts.isSet(Budget.BETWEEN_BYTES);
    }

    /** Returns budgets of which none is longer than one that encloses it. The headers of a stream come before its token. */
    static long[] enclosed(long[] nanos, boolean streaming) {
        long[] cut = within(nanos, nanos[Budget.ATTEMPT.ordinal()]);
        if (streaming && cut[Budget.FIRST_TOKEN.ordinal()] < cut[Budget.FIRST_BYTE.ordinal()]) {
            cut = cut.clone();
            cut[Budget.FIRST_BYTE.ordinal()] = cut[Budget.FIRST_TOKEN.ordinal()];
        }
        return cut;
    }

    /** Returns the budgets of an attempt that has this time left: these themselves where nothing is cut. */
    static long[] within(long[] nanos, long left) {
        long[] cut = nanos;
        for (int i = 0; i < nanos.length; i++) {
            if (nanos[i] > left && i != Budget.CALL.ordinal()) {
                cut = cut == nanos ? nanos.clone() : cut;
                cut[i] = left;
            }
        }
        return cut;
    }

    /** Returns the budgets as they were set. */
    long[] set() {
        return set;
    }

    long[] of(boolean streaming) {
        return streaming ? streamed : plain;
    }

    long of(Budget budget) {
        return plain[budget.ordinal()];
    }

    /** Says whether it is all the same for the budgets whether a stream is asked for. */
    boolean areAlike() {
        return alike;
    }

    /** Says whether the silence of a body was limited by the application, so that it also counts before the first token. */
    boolean isSilenceSet() {
        return silenceSet;
    }
}
