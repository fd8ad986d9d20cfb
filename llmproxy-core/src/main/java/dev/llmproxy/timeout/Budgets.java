package dev.llmproxy.timeout;

import java.time.Duration;

/**
 * The budgets of answers that are alike, as they were computed at one time.
 *
 * @param nanos by the ordinal of the budget
 * @param calm the same, without what was added because of attempts that were ended
 * @param at when, in nanoseconds of the ticker
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Budgets(long[] nanos, long[] calm, long at) {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final double LOWEST_AFTER_A_MINUTE = 0.8;
    private static final double MINUTE = (double) Duration.ofMinutes(1).toNanos();

    boolean isFresh(long now) {
        return now - at < FRESH_NANOS;
    }

    /** Returns a budget that is lowered no faster than a fifth in a minute: repeats would feed on what it ends. */
    long lowered(int budget, long wanted, long now) {
        double lowest = (double) calm[budget] * Math.pow(LOWEST_AFTER_A_MINUTE, (double) (now - at) / MINUTE);
        return Math.max(wanted, Math.round(lowest));
    }
}
