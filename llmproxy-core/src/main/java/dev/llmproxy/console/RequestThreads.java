package dev.llmproxy.console;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The daemon threads on which requests are read and answered. The JDK's server waits for the rest of a request for ever, so
 * whoever sends half a one would hold a thread: here it is interrupted after a while, which closes its connection.
 * Thread-safe.
 */
final class RequestThreads implements Executor, AutoCloseable {
    /** How many requests are read and answered at once. */
    static final int MOST = 64;

    private static final long PATIENCE_SECONDS = 2;
    private static final long IDLE_SECONDS = 5;
    private static final ThreadLocal<@Nullable Deadline> DEADLINE = new ThreadLocal<>();

    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor clock;

    RequestThreads(ThreadFactory daemons) {
        threads = new ThreadPoolExecutor(
                MOST, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons);
        threads.allowCoreThreadTimeOut(true);
        clock = new ScheduledThreadPoolExecutor(1, daemons);
        clock.setRemoveOnCancelPolicy(true);
        // A request that comes while this is closed needs no deadline any more.
        clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public void execute(Runnable request) {
        threads.execute(() -> run(request));
    }

    private void run(Runnable request) {
        Deadline deadline = new Deadline(Thread.currentThread());
        Future<?> alarm = clock.schedule(deadline::pass, PATIENCE_SECONDS, TimeUnit.SECONDS);
        DEADLINE.set(deadline);
        try {
            request.run();
        } finally {
            deadline.lift();
            alarm.cancel(false);
            DEADLINE.remove();
        }
    }

    /** Lets the request that runs on this thread take as long as it likes from now on. */
    static void takeTime() {
        Deadline deadline = DEADLINE.get();
        if (deadline != null) {
            deadline.lift();
        }
    }

    /** Interrupts what runs. */
    @Override
    public void close() {
        threads.shutdownNow();
        clock.shutdownNow();
    }

    /** Until when a thread has to be done. */
    private static final class Deadline {
        private @Nullable Thread waiting;

        Deadline(Thread waiting) {
            this.waiting = waiting;
        }

        synchronized void pass() {
            if (waiting != null) {
                waiting.interrupt();
            }
        }

        synchronized void lift() {
            waiting = null;
        }
    }
}
