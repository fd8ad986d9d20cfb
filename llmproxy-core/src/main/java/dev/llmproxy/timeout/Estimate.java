package dev.llmproxy.timeout;

import java.time.Duration;

/**
 * What a window of samples says, and the budgets that follow from it: the 99th percentile times a factor that shrinks with
 * the number of samples, within a floor and a ceiling. The time of a whole answer is put together from that of its first
 * token and that of each further one, because answers of one model differ most in their length.
 */
record Estimate(
        long samples,
        long cutShort,
        long firstMedian,
        long firstLate,
        long firstHigh,
        long gapHigh,
        long perTokenMedian,
        long perTokenHigh,
        long tokensHigh) {
    static final int FEWEST = 20;

    static final double HIGH = 0.99;
    private static final double LATE = 0.95;
    private static final double MEDIAN = 0.5;
    private static final int FEW = 50;
    private static final int SOME = 200;
    private static final double FACTOR_OF_FEW = 3.0;
    private static final double FACTOR_OF_SOME = 2.0;
    private static final double FACTOR_OF_MANY = 1.5;
    private static final double GAP_FACTOR = 3.0;
    private static final double WHOLE_FACTOR = 1.25;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Estimate NONE = new Estimate(0, 0, 0, 0, 0, 0, 0, 0, 0);

    static Estimate none() {
        return NONE;
    }

    static Estimate of(LatencyWindow window, long now) {
        return new Estimate(
                window.samples(now),
                window.cutShortIn(now),
                window.quantile(Measure.FIRST, MEDIAN),
                window.quantile(Measure.FIRST, LATE),
                window.quantile(Measure.FIRST, HIGH),
                window.quantile(Measure.GAP, HIGH),
                window.quantile(Measure.PER_TOKEN, MEDIAN),
                window.quantile(Measure.PER_TOKEN, HIGH),
                window.quantile(Measure.TOKENS, HIGH));
    }

    Estimate withTokens(long high) {
        return new Estimate(
                samples, cutShort, firstMedian, firstLate, firstHigh, gapHigh, perTokenMedian, perTokenHigh, high);
    }

    boolean isEnough() {
        return samples >= FEWEST;
    }

    private double factor() {
        if (samples < FEW) {
            return FACTOR_OF_FEW;
        }
        return samples < SOME ? FACTOR_OF_SOME : FACTOR_OF_MANY;
    }

    /** Returns the budget for the first token of a stream, or for a plain answer. */
    long first(boolean streaming, double stretch) {
        long ceiling = (streaming ? 120 : 600) * SECOND;
        return within(factor() * (double) firstHigh * stretch, 3 * SECOND, ceiling, firstHigh);
    }

    /** Returns the budget for silence within an answer, 0 where no answer had a second piece. */
    long gap(double stretch) {
        return gapHigh == 0 ? 0 : within(GAP_FACTOR * (double) gapHigh * stretch, 5 * SECOND, 60 * SECOND, gapHigh);
    }

    /** Returns the budget for a whole answer of at most so many tokens, 0 where tokens are not known. */
    long whole(boolean streaming, long maxTokens, double stretch) {
        if (streaming && tokensHigh == 0) {
            return 0;
        }
        double tokens = streaming ? (double) Math.min(maxTokens, tokensHigh) * (double) perTokenHigh : 0;
        double few = factor() / FACTOR_OF_MANY;
        double first = (double) (streaming ? firstHigh : first(false, 1));
        return within(WHOLE_FACTOR * few * (first + tokens) * stretch, 10 * SECOND, 900 * SECOND, 0);
    }

    // A model that thinks for longer than the usual ceiling is not cut by it.
    private static long within(double nanos, long floor, long ceiling, long high) {
        double highest = (double) Math.max(ceiling, Math.min(2 * high, 600 * SECOND));
        return Math.round(Math.max((double) floor, Math.min(nanos, highest)));
    }
}
