package dev.llmproxy.timeout;

import java.time.Duration;
import java.util.Random;

/**
 * Streamed calls to one model in three sizes, one each second: log-normal times to the first token and for each further
 * one, log-normal lengths, and one call in a hundred that never answers.
 */
final class SimulatedTraffic {
    private static final double HANG = 0.01;
    private static final long[] MAX_TOKENS = {256, 1_024, 4_096};
    private static final double[] TYPICAL_TOKENS = {60, 300, 1_200};

    private final Random random;
    private double slowdown = 1;

    SimulatedTraffic(long seed) {
        this.random = new Random(seed);
    }

    /** Lets everything take longer by a factor from now on. */
    void slowDown(double factor) {
        slowdown = factor;
    }

    /** One call, and how long it would take if nothing ended it. */
    record Call(long maxTokens, boolean hangs, long first, long gap, long perToken, long tokens) {
        long whole() {
            return first + perToken * tokens;
        }
    }

    Call next() {
        int size = random.nextInt(MAX_TOKENS.length);
        boolean hangs = random.nextDouble() < HANG;
        long first = nanos(0.8, 0.6);
        long perToken = nanos(0.025, 0.3);
        long gap = nanos(0.4, 0.6);
        long tokens = Math.min(MAX_TOKENS[size], Math.round(logNormal(TYPICAL_TOKENS[size], 0.6)));
        return new Call(MAX_TOKENS[size], hangs, first, gap, perToken, Math.max(2, tokens));
    }

    private long nanos(double typicalSeconds, double spread) {
        return Math.round(slowdown
                * logNormal(typicalSeconds, spread)
                * Duration.ofSeconds(1).toNanos());
    }

    private double logNormal(double typical, double spread) {
        return typical * StrictMath.exp(spread * random.nextGaussian());
    }

    /** Returns what 99 of 100 healthy calls need for their first token. */
    static long usualFirst() {
        return Math.round(
                0.8 * StrictMath.exp(0.6 * 2.326_347_87) * Duration.ofSeconds(1).toNanos());
    }
}
