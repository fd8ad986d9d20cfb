package dev.llmproxy.simulation;

import dev.llmproxy.chain.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Time in which many calls run at once and wait, and still always in the same order: one thread runs, and when it waits or
 * is done it goes on with what is due next. Another thread is woken only where that is one that waits: on a busy machine
 * that takes its time.
 */
public final class SimulatedTime implements Ticker {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<Thread, Waiter> waiting = new ConcurrentHashMap<>();
    private final Semaphore over = new Semaphore(0);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile long now;
    private long count;

    /** Something that is due: work, or that a thread which waits goes on. */
    private record Event(
            long at,
            long number,
            @Nullable Runnable work,
            @Nullable Waiter waiter) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    /** Starts work at a moment. */
    public void at(Duration moment, Runnable work) {
        add(moment.toNanos(), work, null);
    }

    private synchronized void add(long at, @Nullable Runnable work, @Nullable Waiter waiter) {
        events.add(new Event(at, count++, work, waiter));
    }

    /** Runs until nothing is due any more. */
    public void run() {
        goOn();
        over.acquireUninterruptibly();
        threads.shutdown();
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError("simulated work failed", thrown);
        }
    }

    // Called by the one thread that runs, when it has nothing else to do.
    private void goOn() {
        for (Event next = poll(); next != null; next = poll()) {
            if (next.waiter != null) {
                next.waiter.due.release();
                return;
            }
            work(next);
        }
        over.release();
    }

    private void work(Event next) {
        try {
            Objects.requireNonNull(next.work).run();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private synchronized @Nullable Event poll() {
        Event next = events.poll();
        while (next != null && next.waiter != null && !next.waiter.gone.compareAndSet(false, true)) {
            next = events.poll();
        }
        if (next != null) {
            now = Math.max(now, next.at);
        }
        return next;
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Instant now() {
        return EPOCH.plusNanos(now);
    }

    @Override
    public void park(long nanos) {
        Waiter waiter = new Waiter();
        waiting.put(Thread.currentThread(), waiter);
        add(now + nanos, null, waiter);
        Event next = Objects.requireNonNull(poll());
        if (next.waiter == null) {
            threads.execute(() -> {
                work(next);
                goOn();
            });
        } else {
            next.waiter.due.release();
        }
        waiter.due.acquireUninterruptibly();
        waiting.remove(Thread.currentThread());
    }

    /** Lets a thread that waits go on now: unparking it alone does not. */
    public void wake(Thread thread) {
        Waiter waiter = waiting.get(thread);
        if (waiter != null) {
            add(now, null, waiter);
        }
    }

    private static final class Waiter {
        private final Semaphore due = new Semaphore(0);
        private final AtomicBoolean gone = new AtomicBoolean();
    }

    @Override
    public Repetition repeat(String name, LongUnaryOperator work) {
        // Nothing here lasts long enough for a timer to matter.
        return new Repetition() {
            @Override
            public void wake() {}

            @Override
            public void close() {}
        };
    }
}
