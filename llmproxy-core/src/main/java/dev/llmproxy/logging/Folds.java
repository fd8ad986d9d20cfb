package dev.llmproxy.logging;

import dev.llmproxy.chain.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of each subject at most once a minute, with the number of times that it came up since it was told last. What came
 * up after that is told by whoever looks in when the minute is over. Subjects are those of closed lists. Thread-safe.
 */
final class Folds {
    private static final long APART_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long NEVER = Long.MAX_VALUE;

    private final Ticker ticker;
    private final Map<Object, Fold> folds = new HashMap<>();
    private volatile long dueAt = NEVER;

    /** What is told. */
    @FunctionalInterface
    interface Told {
        /**
         * Tells it.
         *
         * @param count how many times it came up since it was told last
         */
        void times(long count);
    }

    Folds(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Notes that a subject has come up so many times, and tells of it where it is due. */
    void note(Object subject, long times, Told told) {
        long due = add(subject, times, told, ticker.nanos());
        if (due > 0) {
            told.times(due);
        }
    }

    private synchronized long add(Object subject, long times, Told told, long now) {
        Fold fold = folds.computeIfAbsent(subject, unused -> new Fold(now - APART_NANOS));
        fold.pending += times;
        if (fold.isDue(now)) {
            return fold.take(now);
        }
        fold.last = told;
        dueNoLaterThan(fold);
        return 0;
    }

    /** Tells what has been folded and is due. */
    void look() {
        // Nearly always there is nothing, and no time to be read.
        if (dueAt != NEVER && ticker.nanos() - dueAt >= 0) {
            due(ticker.nanos()).forEach(Runnable::run);
        }
    }

    private synchronized List<Runnable> due(long now) {
        List<Runnable> due = new ArrayList<>();
        dueAt = NEVER;
        for (Fold fold : folds.values()) {
            if (fold.pending > 0 && fold.isDue(now)) {
                Told told = fold.last;
                long count = fold.take(now);
                due.add(() -> told.times(count));
            } else if (fold.pending > 0) {
                dueNoLaterThan(fold);
            }
        }
        return due;
    }

    private void dueNoLaterThan(Fold fold) {
        long at = fold.toldAt + APART_NANOS;
        dueAt = dueAt == NEVER || at - dueAt < 0 ? at : dueAt;
    }

    /** How often one subject came up since it was told. */
    private static final class Fold {
        private long toldAt;
        private long pending;
        private Told last = count -> {};

        Fold(long toldAt) {
            this.toldAt = toldAt;
        }

        boolean isDue(long now) {
            return now - toldAt >= APART_NANOS;
        }

        long take(long now) {
            long count = pending;
            toldAt = now;
            pending = 0;
            last = unused -> {};
            return count;
        }
    }
}
