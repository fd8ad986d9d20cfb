package dev.llmproxy.anomaly;

/** Mean and variance of numbers as they come, by Welford's method. Not thread-safe. */
final class Moments {
    private long count;
    private double mean;
    private double squares;

    void add(double value) {
        count++;
        double off = value - mean;
        mean += off / count;
        squares += off * (value - mean);
    }

    long count() {
        return count;
    }

    double mean() {
        return mean;
    }

    double variance() {
        return count < 2 ? 0 : squares / (count - 1);
    }

    void clear() {
        count = 0;
        mean = 0;
        squares = 0;
    }
}
