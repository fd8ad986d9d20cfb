package dev.llmproxy.route;

import java.time.Duration;

/**
 * How long a first token takes lately: a mean that weighs what is older less, and goes at once as high as what is slower
 * (a peak EWMA). What was not measured for long is taken for less than it was, so that it is tried again. Thread-safe.
 */
final class FirstToken {
    private static final double MEMORY = Duration.ofSeconds(10).toNanos();

    private volatile double mean;
    private volatile long at;

    synchronized void took(long nanos, long now) {
        double known = mean;
        double kept = MEMORY / (MEMORY + Math.max(0, now - at));
        mean = nanos > known ? nanos : known * kept + nanos * (1 - kept);
        at = now;
    }

    /** Learns that an attempt has failed after a time: longer than the mean says something of it. */
    void tookAtLeast(long nanos, long now) {
        if (nanos > mean) {
            took(nanos, now);
        }
    }

    /** Returns nanoseconds; 0 where nothing was measured. */
    double lately(long now) {
        double known = mean;
        return known == 0 ? 0 : known * MEMORY / (MEMORY + Math.max(0, now - at));
    }

    /** Returns the mean as it was last measured. */
    Duration measured() {
        return Duration.ofNanos(Math.round(mean));
    }

    @Override
    public String toString() {
        return measured().toString();
    }
}
