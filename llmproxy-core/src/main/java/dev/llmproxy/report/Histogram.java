package dev.llmproxy.report;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts times in buckets that are an eighth of a power of two wide, so that each is right to about 7 percent. Takes no
 * lock and allocates nothing. Thread-safe.
 */
final class Histogram {
    private static final int STEPS_LOG = 3;
    private static final int STEPS = 1 << STEPS_LOG;

    private final AtomicIntegerArray buckets = new AtomicIntegerArray(Long.SIZE * STEPS);
    private final AtomicLong longest = new AtomicLong();

    void record(long nanos) {
        long value = Math.max(0, nanos);
        buckets.getAndIncrement(bucketOf(value));
        if (value > longest.get()) {
            longest.accumulateAndGet(value, Math::max);
        }
    }

    // The highest bit, and the three behind it.
    static int bucketOf(long value) {
        if (value < STEPS) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - STEPS_LOG - Long.numberOfLeadingZeros(value);
        return (shift + 1) * STEPS + (int) (value >>> shift) - STEPS;
    }

    /** Returns the middle of a bucket. */
    static long valueOf(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        long lowest = (long) (bucket % STEPS + STEPS) << shift;
        return lowest + (1L << shift) / 2;
    }

    long count() {
        long sum = 0;
        for (int i = 0; i < buckets.length(); i++) {
            sum += buckets.get(i);
        }
        return sum;
    }

    long longest() {
        return longest.get();
    }

    /**
     * Returns what a share of the times stays below.
     *
     * @param share from 0 to 1
     * @return nanoseconds, 0 where nothing was counted
     */
    long quantile(double share) {
        long rank = (long) Math.ceil(share * count());
        long seen = 0;
        for (int i = 0; i < buckets.length(); i++) {
            seen += buckets.get(i);
            if (seen >= Math.max(1, rank)) {
                return Math.min(valueOf(i), longest());
            }
        }
        return 0;
    }
}
