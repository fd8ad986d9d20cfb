package dev.llmproxy.diagnosis;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How old calls to one host were when their connection was cut, for the last few cuts. Whatever cuts at a constant age is
 * a timer of something in between: a server that fails does so at any age. Thread-safe.
 */
final class CutAges {
    private static final int KEPT = 16;
    private static final int FEWEST = 3;
    private static final double SPREAD = 0.03;
    private static final double SHARE = 0.6;
    private static final long KEPT_NANOS = Duration.ofHours(1).toNanos();
    // What is quicker is no timeout of anybody.
    private static final long SHORTEST_NANOS = Duration.ofSeconds(1).toNanos();

    private final long[] ages = new long[KEPT];
    private final long[] cutAt = new long[KEPT];
    private int added;

    /**
     * Cuts that are alike.
     *
     * @param count how many there are, the last one among them
     * @param all how many cuts there were in all
     * @param shortest the youngest of them, in nanoseconds
     * @param longest the oldest of them, in nanoseconds
     */
    record Constant(int count, int all, long shortest, long longest) {
        @Override
        public String toString() {
            return count + " of " + all + " cut calls ended after " + Units.time(shortest) + " to "
                    + Units.time(longest);
        }
    }

    /** Takes a cut, and returns those that are like it, if they are enough and most. */
    synchronized @Nullable Constant add(long age, long now) {
        ages[added % KEPT] = age;
        cutAt[added % KEPT] = now;
        added++;
        return age < SHORTEST_NANOS ? null : constantAt(age, now);
    }

    private @Nullable Constant constantAt(long age, long now) {
        int all = 0;
        int count = 0;
        long shortest = age;
        long longest = age;
        for (int i = 0; i < Math.min(added, KEPT); i++) {
            if (now - cutAt[i] > KEPT_NANOS) {
                continue;
            }
            all++;
            if (Math.abs(ages[i] - age) <= SPREAD * age) {
                count++;
                shortest = Math.min(shortest, ages[i]);
                longest = Math.max(longest, ages[i]);
            }
        }
        return count >= FEWEST && count >= SHARE * all ? new Constant(count, all, shortest, longest) : null;
    }
}
