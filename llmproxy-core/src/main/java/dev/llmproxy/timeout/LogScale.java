package dev.llmproxy.timeout;

/** Buckets whose bounds grow by two percent: from 10 microseconds to more than an hour, each value right to one percent. */
final class LogScale {
    static final int BUCKETS = 1_024;

    private static final double SMALLEST = 10_000;
    private static final double GAMMA = 1.02;
    private static final double LOG_GAMMA = Math.log(GAMMA);
    // Each answer asks for one of them, and a power takes longer than to look it up.
    private static final long[] MIDDLES = middles();

    private LogScale() {}

    private static long[] middles() {
        long[] middles = new long[BUCKETS];
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            middles[bucket] = Math.round(SMALLEST * Math.pow(GAMMA, bucket - 1) * 2 / (1 + GAMMA));
        }
        return middles;
    }

    /** Returns the bucket of a value, from 1 on. */
    static int bucketOf(long value) {
        if (value <= SMALLEST) {
            return 1;
        }
        return (int) Math.min(BUCKETS - 1L, 1 + (long) Math.ceil(Math.log(value / SMALLEST) / LOG_GAMMA));
    }

    /** Returns the middle of a bucket. */
    static long valueOf(int bucket) {
        return MIDDLES[bucket];
    }
}
