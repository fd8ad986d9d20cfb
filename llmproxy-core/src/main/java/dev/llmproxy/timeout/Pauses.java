package dev.llmproxy.timeout;

import java.time.Duration;

/** When this process did not run, although it should have: the last few times that it was noticed. Thread-safe. */
final class Pauses {
    private static final int KEPT = 32;
    // A busy machine is late by less.
    private static final long NOTICED_NANOS = Duration.ofMillis(100).toNanos();

    private final long[] from = new long[KEPT];
    private final long[] to = new long[KEPT];
    private int count;
    private volatile long lastEndedAt = Long.MIN_VALUE;

    /** Notes that what was due at one time ran at another. */
    void add(long dueAt, long ranAt) {
        if (dueAt > ranAt - NOTICED_NANOS) {
            return;
        }
        synchronized (from) {
            from[count % KEPT] = dueAt;
            to[count % KEPT] = ranAt;
            count++;
            lastEndedAt = ranAt;
        }
    }

    /** Returns how much of a time was paused; what is due at this time and has not run by the end of it is paused, too. */
    long within(long start, long end, long dueAt) {
        long pending = dueAt > end - NOTICED_NANOS ? 0 : end - Math.max(start, dueAt);
        return lastEndedAt <= start ? pending : pending + noted(start, end);
    }

    private long noted(long start, long end) {
        long sum = 0;
        synchronized (from) {
            for (int i = 0; i < Math.min(count, KEPT); i++) {
                sum += Math.max(0, Math.min(end, to[i]) - Math.max(start, from[i]));
            }
        }
        return sum;
    }

    @Override
    public String toString() {
        return count + " pauses";
    }
}
