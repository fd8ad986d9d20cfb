package dev.llmproxy.anomaly;

import java.util.Random;

/** Numbers of calls, from a seed: times with heavy tails, or failures. */
final class SimulatedCalls {
    private static final double DEVIATION = 0.4;
    private static final double OUTLIERS = 0.01;
    private static final double OUTLIER = 8;

    private final Random random;

    SimulatedCalls(long seed) {
        this.random = new Random(seed);
    }

    /** Returns a time: lognormal about a median; one of a hundred takes eight times as long. */
    double time(double median) {
        double time = median * Math.exp(DEVIATION * random.nextGaussian());
        return random.nextDouble() < OUTLIERS ? time * OUTLIER : time;
    }

    /** Returns 1 for this share of the calls. */
    double has(double share) {
        return random.nextDouble() < share ? 1 : 0;
    }
}
