package dev.llmproxy.diagnosis;

import dev.llmproxy.diagnosis.Outcomes.Outcome;
import java.util.List;
import java.util.function.Predicate;

/**
 * How many of some attempts failed.
 *
 * @param failed how many failed
 * @param all how many there were
 */
record Tally(int failed, int all) {
    private static final int ENOUGH = 3;

    static Tally of(List<Outcome> outcomes, Predicate<Outcome> counted) {
        int failed = 0;
        int all = 0;
        for (Outcome outcome : outcomes) {
            if (counted.test(outcome)) {
                all++;
                failed += outcome.failed() ? 1 : 0;
            }
        }
        return new Tally(failed, all);
    }

    /** Says whether all of them failed, and they are enough to say so. */
    boolean isAllFailed() {
        return all >= ENOUGH && failed == all;
    }

    /** Says whether none of them failed, and they are enough to say so. */
    boolean isAllWell() {
        return all >= ENOUGH && failed == 0;
    }

    @Override
    public String toString() {
        return failed + " of " + all + " failed";
    }
}
