package dev.llmproxy.diagnosis;

import java.time.Duration;

/**
 * How long TCP connects to one place usually take, and which took longer by the times after which a kernel sends its first
 * packet again: 1 s, and twice as long each time. Writes of threads that meet may be lost.
 */
final class ConnectTimes {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long EARLIER = Duration.ofMillis(50).toNanos();
    private static final long LATER = Duration.ofMillis(150).toNanos();
    // Beyond this the times scatter too much to tell a second apart.
    private static final long LONGEST_USUAL = Duration.ofMillis(300).toNanos();
    private static final int MOST_RETRANSMITS = 3;
    private static final int SMOOTHING = 8;
    private static final long UNKNOWN = -1;

    private volatile long usual = UNKNOWN;

    /** Returns how often the first packet was sent again, as far as the time of a connect tells: 0 as a rule. */
    int retransmits(long nanos) {
        long known = usual;
        int repeats = repeatsBeyond(known == UNKNOWN ? 0 : known, nanos);
        if (repeats == 0) {
            usual = known == UNKNOWN ? nanos : known + (nanos - known) / SMOOTHING;
        }
        return known == UNKNOWN || known > LONGEST_USUAL ? 0 : repeats;
    }

    private static int repeatsBeyond(long usual, long nanos) {
        for (int repeats = 1; repeats <= MOST_RETRANSMITS; repeats++) {
            long over = nanos - usual - ((1L << repeats) - 1) * SECOND;
            if (over >= -EARLIER && over <= LATER) {
                return repeats;
            }
        }
        return 0;
    }

    long usualNanos() {
        return Math.max(0, usual);
    }
}
