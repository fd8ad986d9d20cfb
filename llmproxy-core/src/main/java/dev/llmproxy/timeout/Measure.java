package dev.llmproxy.timeout;

/** What is measured of an answer. */
enum Measure {
    /** From the sent request to the first token of a stream, or to the headers of a plain answer. */
    FIRST,
    /** The mean time of the tokens behind the first one. */
    PER_TOKEN,
    /** The longest pause within the answer. */
    GAP,
    /** How many tokens there were. */
    TOKENS;

    private static final int BITS = 16;
    private static final long MASK = (1L << BITS) - 1;
    private static final long TOKEN = 1_000_000;

    /** Adds this measure to a sample, which holds one bucket of each; 0 stands for one that was not taken. */
    long in(long sample, long value) {
        long scaled = this == TOKENS ? value * TOKEN : value;
        return sample | ((long) LogScale.bucketOf(scaled) << (BITS * ordinal()));
    }

    int bucketIn(long sample) {
        return (int) (sample >>> (BITS * ordinal()) & MASK);
    }

    long valueOf(int bucket) {
        long value = LogScale.valueOf(bucket);
        return this == TOKENS ? value / TOKEN : value;
    }
}
