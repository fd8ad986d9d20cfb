package dev.llmproxy.retry;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Chance from a seed, which remembers what it has drawn for waits. */
final class RecordingRandom implements RandomGenerator {
    private final SplittableRandom random;
    private final List<Double> drawn = new ArrayList<>();

    RecordingRandom(long seed) {
        this.random = new SplittableRandom(seed);
    }

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public double nextDouble() {
        double next = random.nextDouble();
        drawn.add(next);
        return next;
    }

    /** Returns what was drawn, in its order. */
    List<Double> drawn() {
        return drawn;
    }
}
