package dev.llmproxy.anomaly;

/** One side of a CUSUM: sums up what points to a change, and knows the numbers that made the sum. Not thread-safe. */
final class Drift {
    // So that a change that has lasted for long is over as soon as one that was just told.
    private static final double MOST = 1.5;

    private final double limit;
    private final Moments since = new Moments();
    private double sum;

    /**
     * Constructs an empty sum.
     *
     * @param limit from where on it is a change
     */
    Drift(double limit) {
        this.limit = limit;
    }

    /** Takes the evidence of one number, negative where it points to no change. */
    void add(double evidence, double value) {
        sum = Math.min(MOST * limit, Math.max(0, sum + evidence));
        if (sum == 0) {
            since.clear();
        } else {
            since.add(value);
        }
    }

    boolean isOver() {
        return sum >= limit;
    }

    boolean isCalm() {
        return sum < limit / 2;
    }

    double sum() {
        return sum;
    }

    /** Returns the numbers since the sum was last nothing. */
    Moments since() {
        return since;
    }

    void clear() {
        sum = 0;
        since.clear();
    }
}
