package dev.llmproxy.console;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Until when the thread that made it has to be done: then it is interrupted. Thread-safe. */
final class Deadline {
    private final Thread thread = Thread.currentThread();
    private final ScheduledExecutorService clock;
    private final Duration patience;
    private @Nullable Object present;
    private @Nullable Future<?> alarm;

    Deadline(ScheduledExecutorService clock, Duration patience) {
        this.clock = clock;
        this.patience = patience;
    }

    /** Begins anew. */
    synchronized void set() {
        lift();
        Object own = new Object();
        present = own;
        alarm = clock.schedule(() -> pass(own), patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    // An alarm that could not be cancelled in time is none any more.
    private synchronized void pass(Object own) {
        if (present == own) {
            thread.interrupt();
        }
    }

    synchronized void lift() {
        present = null;
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    @Override
    public String toString() {
        return present == null ? "no deadline" : "deadline of " + thread.getName();
    }
}
