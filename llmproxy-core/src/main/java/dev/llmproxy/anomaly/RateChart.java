package dev.llmproxy.anomaly;

/**
 * Watches how many of the calls have something, such as an error: a CUSUM of a Bernoulli variable (Reynolds and Stoumbos
 * 1999) that tests the usual share, at least a hundredth, against ten times that. Only more than usual is a change.
 */
final class RateChart implements Chart {
    private static final double LIMIT = 8;
    private static final double LEAST_SHARE = 0.01;
    private static final double MOST_SHARE = 0.5;
    private static final double FACTOR = 10;
    private static final double LEARNING = 0.002;
    private static final long WARM_UP = 200;

    private final Moments first = new Moments();
    private final Drift more = new Drift(LIMIT);
    private double share;
    // Where nothing goes wrong the share stays the least, and so does what one more such call says.
    private double shareOfNone = Double.NaN;
    private double evidenceOfNone;

    /** Takes one call: 1 where it has it, 0 where not. */
    @Override
    public void add(double value, boolean learning) {
        if (first.count() < WARM_UP) {
            first.add(value);
            share = first.mean();
            return;
        }
        more.add(evidence(value > 0), value);
        if (learning && isCalm()) {
            share += LEARNING * (value - share);
        }
    }

    // The logarithm of how much likelier the number is with the higher share.
    private double evidence(boolean has) {
        double usual = Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, share));
        if (has) {
            return Math.log(higher(usual) / usual);
        }
        if (usual != shareOfNone) {
            shareOfNone = usual;
            evidenceOfNone = Math.log((1 - higher(usual)) / (1 - usual));
        }
        return evidenceOfNone;
    }

    private static double higher(double usual) {
        return Math.max(Math.min(MOST_SHARE, FACTOR * usual), usual + (1 - usual) / 3);
    }

    @Override
    public boolean isOver() {
        return more.isOver();
    }

    @Override
    public boolean isCalm() {
        return more.isCalm();
    }

    @Override
    public void rebase() {
        share = more.since().mean();
        more.clear();
    }

    @Override
    public double usual() {
        return share;
    }

    @Override
    public double present() {
        return more.since().count() == 0 ? share : more.since().mean();
    }

    @Override
    public long sinceChange() {
        return more.since().count();
    }
}
