package dev.llmproxy.anomaly;

import dev.llmproxy.event.AnomalyMetric;
import java.time.Duration;

/** One number of the calls at one place, and whether it has changed. Not thread-safe. */
final class Watched {
    /** What a number has led to. */
    enum Turn {
        /** Nothing new. */
        NONE,
        /** It has changed. */
        BEGUN,
        /** It is as usual again. */
        ENDED,
        /** The change has lasted for so long that it is what is usual now. */
        NEW_NORMAL
    }

    private static final long CALM_NANOS = Duration.ofSeconds(60).toNanos();
    private static final long NEW_NORMAL_NANOS = Duration.ofMinutes(30).toNanos();
    private static final long NEVER = Long.MIN_VALUE;

    private final AnomalyMetric metric;
    private final Chart chart;
    private long changedAt = NEVER;
    private long calmAt = NEVER;
    private boolean told;

    Watched(AnomalyMetric metric) {
        this.metric = metric;
        this.chart = metric.isShare() ? new RateChart() : new LevelChart();
    }

    AnomalyMetric metric() {
        return metric;
    }

    Chart chart() {
        return chart;
    }

    boolean hasChanged() {
        return changedAt != NEVER;
    }

    boolean isTold() {
        return told;
    }

    void told() {
        told = true;
    }

    /** Returns since when it is known to have changed. */
    long changedAt() {
        return changedAt;
    }

    Turn add(double value, long now) {
        chart.add(value, !hasChanged());
        if (!hasChanged()) {
            return chart.isOver() ? begin(now) : Turn.NONE;
        }
        if (!chart.isCalm()) {
            calmAt = NEVER;
            return now - changedAt < NEW_NORMAL_NANOS ? Turn.NONE : rebase();
        }
        if (calmAt == NEVER) {
            calmAt = now;
        }
        return now - calmAt < CALM_NANOS ? Turn.NONE : end();
    }

    private Turn begin(long now) {
        changedAt = now;
        calmAt = NEVER;
        told = false;
        return Turn.BEGUN;
    }

    private Turn end() {
        changedAt = NEVER;
        return Turn.ENDED;
    }

    private Turn rebase() {
        changedAt = NEVER;
        chart.rebase();
        return Turn.NEW_NORMAL;
    }

    /** Returns by which factor it has changed, at least 1. */
    double effect() {
        double usual = chart.usual();
        double present = chart.present();
        double smaller = Math.min(usual, present);
        return smaller <= 0 ? Double.POSITIVE_INFINITY : Math.max(usual, present) / smaller;
    }
}
