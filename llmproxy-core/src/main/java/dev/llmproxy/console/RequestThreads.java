package dev.llmproxy.console;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The daemon threads on which requests are read and answered. The JDK's server waits for ever for the rest of a request, and
 * for whoever does not read an answer: here the thread is interrupted after a while, which closes the connection. Thread-safe.
 */
final class RequestThreads implements Executor, AutoCloseable {
    /** How many requests are read and answered at once. */
    static final int MOST = 64;

    /** How long a request may take to come, and what is sent to be taken. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long IDLE_SECONDS = 5;
    private static final ThreadLocal<@Nullable Deadline> DEADLINE = new ThreadLocal<>();

    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor clock;
    private final Duration patience;

    RequestThreads(ThreadFactory daemons, Duration patience) {
        this.patience = patience;
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
        Deadline deadline = new Deadline(clock, patience);
        DEADLINE.set(deadline);
        try {
            deadline.set();
            request.run();
        } finally {
            deadline.lift();
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

    /** Gives the request that runs on this thread so much time from now on as it had for its beginning. */
    static void hurry() {
        Deadline deadline = DEADLINE.get();
        if (deadline != null) {
            deadline.set();
        }
    }

    /** Interrupts what runs. */
    @Override
    public void close() {
        threads.shutdownNow();
        clock.shutdownNow();
    }
}
