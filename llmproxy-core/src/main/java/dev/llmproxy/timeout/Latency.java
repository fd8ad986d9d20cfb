package dev.llmproxy.timeout;

import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.Usual;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/** What is known of answers that are alike. Thread-safe. */
final class Latency {
    private static final int SMOOTHING = 8;
    private static final int TOKENS_PER_BYTES = 2;
    private static final long SENDING_NANOS = Duration.ofSeconds(30).toNanos();
    private static final AtomicLongFieldUpdater<Latency> LATELY =
            AtomicLongFieldUpdater.newUpdater(Latency.class, "lately");

    private final LatencyKey key;
    private final @Nullable Latency parent;
    private final LatencyWindow window = new LatencyWindow();
    private final Backoff first = new Backoff();
    private final Backoff gap = new Backoff();
    private final Backoff whole = new Backoff();
    // Of several that meet one counts: a typical value.
    private volatile long lately;
    private volatile boolean changed = true;
    private volatile @Nullable Budgets budgets;
    private volatile long advisedAt = Long.MIN_VALUE;
    private volatile long advisedFrom;

    Latency(LatencyKey key, @Nullable Latency parent) {
        this.key = key;
        this.parent = parent;
    }

    LatencyKey key() {
        return key;
    }

    /** Takes what was measured of an answer. */
    void answered(long sample, long now) {
        window.record(sample, now);
        long measured = Measure.FIRST.valueOf(Measure.FIRST.bucketIn(sample));
        long before = lately;
        LATELY.lazySet(this, before == 0 ? measured : before + (measured - before) / SMOOTHING);
        first.answered();
        gap.answered();
        whole.answered();
        if (parent != null) {
            parent.answered(sample, now);
        }
    }

    /** Takes for how long an answer was waited for in vain: else those that are given up for a faster one are missing. */
    void overtaken(long sample, long now) {
        window.record(sample, now);
        if (parent != null) {
            parent.overtaken(sample, now);
        }
    }

    /** Counts an answer that a budget has ended. */
    void cutShort(FaultCause cause, long now) {
        window.cutShort(now);
        switch (cause) {
            case STREAM_STALLED, BODY_STALLED -> gap.timedOut();
            case LONG_ANSWER -> whole.timedOut();
            default -> first.timedOut();
        }
        changed = true;
        if (parent != null) {
            parent.cutShort(cause, now);
        }
    }

    /** Returns the estimate of this or of the nearest parent that has seen enough. */
    Estimate estimate(long now) {
        Latency pace = pace();
        Estimate estimate =
                pace.window.samples(now) >= Estimate.FEWEST ? Estimate.of(pace.window, now) : pace.ofParent(now);
        return pace == this || window.samples(now) < Estimate.FEWEST
                ? estimate
                : estimate.withTokens(window.quantile(Measure.TOKENS, Estimate.HIGH));
    }

    private Estimate ofParent(long now) {
        return parent == null ? Estimate.none() : parent.estimate(now);
    }

    // How long a stream is says nothing of how soon it begins and how fast it flows: all sizes tell of that together.
    private Latency pace() {
        return key.streaming() && key.tokens() != 0 && parent != null ? parent : this;
    }

    /**
     * Returns a budget that fits, 0 where nothing is known of it.
     *
     * @param calm whether to leave out what is added because of attempts that were ended
     */
    long budget(Budget budget, Estimate of, boolean calm) {
        return switch (budget) {
            case BETWEEN_BYTES -> of.gap(stretch(pace().gap, calm));
            case BETWEEN_TOKENS -> TOKENS_PER_BYTES * of.gap(stretch(pace().gap, calm));
            case ATTEMPT -> whole(of, stretch(whole, calm));
            default -> of.first(key.streaming(), stretch(pace().first, calm));
        };
    }

    private static double stretch(Backoff of, boolean calm) {
        return calm ? 1 : of.factor();
    }

    // The answer is measured from the sent request on, the attempt from its beginning.
    private long whole(Estimate of, double stretch) {
        long answer = of.whole(key.streaming(), key.maxTokens(), stretch);
        return answer == 0 ? 0 : answer + SENDING_NANOS;
    }

    Usual usual(long now) {
        Estimate of = estimate(now);
        if (!of.isEnough()) {
            return Usual.unknown();
        }
        return new Usual(
                of.samples(),
                of.cutShort(),
                of.firstMedian(),
                of.firstLate(),
                of.firstHigh(),
                pace().lately == 0 ? of.firstMedian() : pace().lately,
                of.gapHigh(),
                of.perTokenMedian(),
                of.first(key.streaming(), 1),
                of.gap(1),
                whole(of, 1));
    }

    /** Returns what was computed last, while it still holds. */
    @Nullable
    Budgets budgets(long now) {
        Budgets known = budgets;
        return known != null && !changed && known.isFresh(now) ? known : null;
    }

    @Nullable
    Budgets lastBudgets() {
        return budgets;
    }

    void budgets(Budgets computed) {
        changed = false;
        budgets = computed;
    }

    /** Says whether nothing has been advised for this time, or only from few samples and there are many now. */
    boolean isAdviceDue(long now, long interval, int many) {
        long before = advisedAt;
        return before == Long.MIN_VALUE
                || now - before >= interval
                || (advisedFrom < many && window.samples(now) >= many);
    }

    void advised(long now, long samples) {
        advisedFrom = samples;
        advisedAt = now;
    }

    @Override
    public String toString() {
        return key + ": " + window;
    }
}
