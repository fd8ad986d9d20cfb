package dev.llmproxy.fake;

import dev.llmproxy.chain.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;

/**
 * Time that passes only when a test says so, or when something waits: waiting takes no time. Repeated work runs on the
 * thread that lets the time pass, at the moments that it asked for.
 */
public final class FakeTicker implements Ticker {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final List<Work> works = new CopyOnWriteArrayList<>();

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Instant now() {
        return EPOCH.plusNanos(nanos.get());
    }

    @Override
    public void park(long duration) {
        advance(Duration.ofNanos(duration));
    }

    /** Lets time pass; repeated work runs when it is due. */
    public void advance(Duration duration) {
        long until = nanos.get() + duration.toNanos();
        for (long next = nextDue(); next <= until; next = nextDue()) {
            nanos.accumulateAndGet(next, Math::max);
            works.forEach(work -> work.runIfDue(nanos.get()));
        }
        nanos.accumulateAndGet(until, Math::max);
    }

    /** Lets time pass while nothing of this process runs; then everything that is late runs at once. */
    public void freeze(Duration duration) {
        nanos.addAndGet(duration.toNanos());
        works.forEach(work -> work.runIfDue(nanos.get()));
    }

    private long nextDue() {
        return works.stream().mapToLong(work -> work.nextAt).min().orElse(Long.MAX_VALUE);
    }

    /** Returns how many repetitions have been started and not closed. */
    public int repetitions() {
        return works.size();
    }

    @Override
    public Repetition repeat(String name, LongUnaryOperator task) {
        Work work = new Work(task);
        works.add(work);
        return work;
    }

    private final class Work implements Repetition {
        private final LongUnaryOperator task;
        private volatile long nextAt;

        Work(LongUnaryOperator task) {
            this.task = task;
            this.nextAt = nanos.get();
        }

        void runIfDue(long now) {
            if (nextAt <= now) {
                nextAt = Math.max(task.applyAsLong(now), now + 1);
            }
        }

        @Override
        public void wake() {
            nextAt = nanos.get();
        }

        @Override
        public void close() {
            works.remove(this);
        }
    }
}
