package dev.llmproxy.retry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts what happened within the last minute, in slices of five seconds. Thread-safe, without locks. */
final class RecentCount {
    private static final long SLICE = Duration.ofSeconds(5).toNanos();
    private static final int SLICES = 12;
    private static final int LAST_SLICES = 4;

    private final AtomicLongArray slices = new AtomicLongArray(SLICES);
    private final AtomicLongArray counts = new AtomicLongArray(SLICES);

    void add(long now) {
        long slice = Math.floorDiv(now, SLICE);
        int at = Math.floorMod(slice, SLICES);
        long before = slices.get(at);
        // Of several that come first in a slice one empties it; what the others counted meanwhile may be lost.
        if (before != slice && slices.compareAndSet(at, before, slice)) {
            counts.set(at, 0);
        }
        counts.getAndIncrement(at);
    }

    long within(long now) {
        return within(SLICES, now);
    }

    /** Returns what happened within the last fifteen to twenty seconds. */
    long lately(long now) {
        return within(LAST_SLICES, now);
    }

    private long within(int last, long now) {
        long slice = Math.floorDiv(now, SLICE);
        long sum = 0;
        for (int i = 0; i < SLICES; i++) {
            sum += slice - slices.get(i) < last ? counts.get(i) : 0;
        }
        return sum;
    }
}
