package dev.llmproxy.limit;

/** How long the first token of one model usually takes: a running median. Guarded by its limit. */
final class Pace {
    private static final int FIRST_SAMPLES = 20;
    private static final double SLOW = 0.01;
    // The first ones may have waited for each other.
    private static final double FIRST_UP = 0.05;
    private static final double FIRST_DOWN = 0.3;
    private static final double ANEW = 0.4;

    private double usual;
    private int samples;

    double usualNanos() {
        return usual;
    }

    /** Returns a delay as a multiple of what is usual. */
    double ratio(long nanos) {
        double measured = Math.max(1, nanos);
        if (samples == 0) {
            usual = measured;
        }
        double ratio = measured / usual;
        if (samples < FIRST_SAMPLES) {
            samples++;
            step(ratio, FIRST_UP, FIRST_DOWN / samples);
        }
        return ratio;
    }

    void learn(double ratio) {
        step(ratio, SLOW, SLOW);
    }

    /** Learns from the first, second, ... of a few samples that say more than all before. */
    void learnAnew(double ratio, int number) {
        double size = ANEW / (1 + number / 2.0);
        step(ratio, size, size);
    }

    private void step(double ratio, double up, double down) {
        usual *= ratio > 1 ? 1 + up : 1 / (1 + down);
    }

    @Override
    public String toString() {
        return Math.round(usual / 1e6) + " ms";
    }
}
