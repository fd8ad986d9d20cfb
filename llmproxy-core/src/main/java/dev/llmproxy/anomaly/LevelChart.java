package dev.llmproxy.anomaly;

/**
 * Watches a number that is positive and of which factors count, such as a time: a two-sided CUSUM (Page 1954) of its
 * logarithm, in standard deviations. What is far out is cut to three deviations, so that a few very slow calls raise no
 * alarm. Slack 0.5 and limit 10 were the best of eight detectors in simulations of latency with heavy tails.
 */
final class LevelChart implements Chart {
    private static final double SLACK = 0.5;
    private static final double LIMIT = 10;
    private static final double CUT = 3;
    private static final double LEARNING = 0.002;
    private static final long WARM_UP = 200;
    // What hardly varies must not alarm at every step: a twentieth is noise.
    private static final double LEAST_DEVIATION = 0.05;

    private final Moments first = new Moments();
    private final Drift above = new Drift(LIMIT);
    private final Drift below = new Drift(LIMIT);
    private double mean;
    private double variance;

    @Override
    public void add(double value, boolean learning) {
        if (!(value > 0)) {
            return;
        }
        double log = Math.log(value);
        if (first.count() < WARM_UP) {
            warmUp(log);
            return;
        }
        double off = Math.max(-CUT, Math.min(CUT, (log - mean) / deviation()));
        above.add(off - SLACK, log);
        below.add(-off - SLACK, log);
        if (learning && isCalm()) {
            learn(off * deviation());
        }
    }

    private void warmUp(double log) {
        first.add(log);
        mean = first.mean();
        variance = first.variance();
    }

    // From what was cut: one wild value must not move what is usual.
    private void learn(double step) {
        mean += LEARNING * step;
        variance += LEARNING * (step * step - variance);
    }

    private double deviation() {
        return Math.max(LEAST_DEVIATION, Math.sqrt(variance));
    }

    private Drift larger() {
        return above.sum() >= below.sum() ? above : below;
    }

    @Override
    public boolean isOver() {
        return larger().isOver();
    }

    @Override
    public boolean isCalm() {
        return larger().isCalm();
    }

    @Override
    public void rebase() {
        Moments since = larger().since();
        mean = since.mean();
        if (since.count() >= WARM_UP) {
            variance = since.variance();
        }
        above.clear();
        below.clear();
    }

    @Override
    public double usual() {
        return Math.exp(mean);
    }

    @Override
    public double present() {
        Moments since = larger().since();
        return since.count() == 0 ? usual() : Math.exp(since.mean());
    }

    @Override
    public long sinceChange() {
        return larger().since().count();
    }
}
