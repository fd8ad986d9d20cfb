package dev.llmproxy.simulation;

import dev.llmproxy.chain.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;

/**
 * Time in which many calls run at once and wait, and still always in the same order: one thread runs, and when it waits the
 * one that is due next goes on.
 */
public final class SimulatedTime implements Ticker {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<Thread, Waiter> waiting = new ConcurrentHashMap<>();
    private final Semaphore idle = new Semaphore(0);
    private volatile long now;
    private long count;

    private record Event(long at, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    /** Starts work on a thread of its own at a moment. */
    public void at(Duration moment, Runnable work) {
        add(
                moment.toNanos(),
                () -> threads.execute(() -> {
                    try {
                        work.run();
                    } finally {
                        idle.release();
                    }
                }));
    }

    private synchronized void add(long at, Runnable action) {
        events.add(new Event(at, count++, action));
    }

    /** Runs until nothing is due any more. */
    public void run() {
        for (Event next = poll(); next != null; next = poll()) {
            now = Math.max(now, next.at);
            next.action.run();
            idle.acquireUninterruptibly();
        }
        threads.shutdown();
    }

    private synchronized Event poll() {
        return events.poll();
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
        add(now + nanos, waiter::goOn);
        idle.release();
        waiter.due.acquireUninterruptibly();
        waiting.remove(Thread.currentThread());
    }

    /** Lets a thread that waits go on now: unparking it alone does not. */
    public void wake(Thread thread) {
        Waiter waiter = waiting.get(thread);
        if (waiter != null) {
            add(now, waiter::goOn);
        }
    }

    private final class Waiter {
        private final Semaphore due = new Semaphore(0);
        private final AtomicBoolean gone = new AtomicBoolean();

        void goOn() {
            if (gone.compareAndSet(false, true)) {
                due.release();
            } else {
                idle.release();
            }
        }
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
