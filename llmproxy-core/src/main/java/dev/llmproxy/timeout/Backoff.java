package dev.llmproxy.timeout;

/**
 * By how much a budget is stretched since attempts were ended by it: such an attempt tells nothing of how long it would
 * have taken, so without this a budget that has become too short would stay so. Writes of threads that meet may be lost.
 */
final class Backoff {
    private static final double GROWTH = 1.5;
    private static final double DECAY = 0.95;
    private static final double MOST = 8;

    private volatile double factor = 1;

    double factor() {
        return factor;
    }

    void timedOut() {
        factor = Math.min(MOST, factor * GROWTH);
    }

    void answered() {
        double present = factor;
        if (present > 1) {
            factor = Math.max(1, present * DECAY);
        }
    }

    @Override
    public String toString() {
        return "x " + factor;
    }
}
