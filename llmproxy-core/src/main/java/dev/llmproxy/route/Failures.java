package dev.llmproxy.route;

import java.time.Duration;

/**
 * How many attempts have failed lately: each counts less the longer ago it is, a quarter after half a minute. Thread-safe.
 */
final class Failures {
    private static final double MEMORY = Duration.ofSeconds(30).toNanos();

    private volatile double count;
    private volatile long at;

    synchronized void add(long now) {
        count = lately(now) + 1;
        at = now;
    }

    // Both fields of one moment or of two: as good an estimate either way.
    double lately(long now) {
        double known = count;
        if (known == 0) {
            return 0;
        }
        double kept = MEMORY / (MEMORY + Math.max(0, now - at));
        return known * kept * kept;
    }

    @Override
    public String toString() {
        return Double.toString(count);
    }
}
