package dev.llmproxy.event;

import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Hands events to a listener on one daemon thread, which exists only while there is something to hand over. */
final class AsyncListener implements LlmListener, TimedListener, AutoCloseable {
    private static final long DRAIN_SECONDS = 1;
    private static final long IDLE_SECONDS = 1;

    private final LlmListener listener;
    private final GuardedListener guarded;
    private final AtomicLong dropped = new AtomicLong();
    private final ThreadPoolExecutor worker;

    AsyncListener(LlmListener listener, int capacity) {
        this.listener = Objects.requireNonNull(listener, "listener");
        this.guarded = new GuardedListener((event, now) -> listener.onEvent(event));
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: > 0)");
        }
        this.worker = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(capacity),
                task -> daemon(task),
                (task, executor) -> dropped.incrementAndGet());
        worker.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "llmproxy-listener");
        thread.setDaemon(true);
        return thread;
    }

    /** Hears an event from another listener, which knows no time: the second failure of such events is told at the end. */
    @Override
    public void onEvent(LlmEvent event) {
        onEvent(event, 0);
    }

    @Override
    public void onEvent(LlmEvent event, long now) {
        if (event instanceof LlmEvent.OfCall ofCall) {
            // Read here: when the event arrives over there, the call may have ended and let go of its request.
            var unused = ofCall.call().facts();
        }
        worker.execute(() -> deliver(event, now));
    }

    private void deliver(LlmEvent event, long now) {
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            guarded.tell(new LlmEvent.EventsDropped(lost), now);
        }
        guarded.tell(event, now);
    }

    /** Lets the listener finish what waits, for at most a second. */
    @Override
    public void close() {
        worker.shutdown();
        try {
            if (!worker.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
        guarded.tellRest();
    }

    @Override
    public String toString() {
        return "async(" + listener + ")";
    }
}
