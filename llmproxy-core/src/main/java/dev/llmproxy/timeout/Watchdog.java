package dev.llmproxy.timeout;

import dev.llmproxy.chain.Ticker;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all running calls, once a second and whenever one of them is due, on one thread for the whole JVM. A call
 * costs a link in a list when it starts and its removal when it ends; moving its due time costs a write.
 *
 * <p>The thread lives as long as a proxy is open or a call is running. Thread-safe.
 */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.timeout");
    private static final long ROUND_NANOS = 1_000_000_000L;
    // Alarms that are due within this time ring together, so that many of them do not mean many rounds.
    private static final long PRECISION_NANOS = 10_000_000L;
    private static final Object SHARING = new Object();
    private static @Nullable Watchdog shared;

    private final Ticker ticker;
    private final Object lock = new Object();
    private Ticker.@Nullable Repetition repetition;
    private volatile long nextRoundAt = Long.MAX_VALUE;
    private final Pauses pauses = new Pauses();
    private final Queue<Alarm> abandoned = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private @Nullable Alarm first;
    private boolean added;
    private int owners;

    private Watchdog(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Returns the watchdog of a ticker, for one more owner: the shared one for the time of this machine. */
    static Watchdog open(Ticker ticker) {
        if (ticker != Ticker.system()) {
            return new Watchdog(ticker).owned();
        }
        synchronized (SHARING) {
            if (shared == null || !shared.isAlive()) {
                shared = new Watchdog(ticker);
            }
            return shared.owned();
        }
    }

    private Watchdog owned() {
        synchronized (lock) {
            owners++;
            run();
        }
        return this;
    }

    private void run() {
        if (repetition == null) {
            repetition = ticker.repeat("llmproxy-watchdog", this::round);
        }
    }

    private boolean isAlive() {
        synchronized (lock) {
            return owners > 0 || first != null;
        }
    }

    void add(Alarm alarm) {
        boolean isEarly;
        synchronized (lock) {
            alarm.next = first;
            if (first != null) {
                first.previous = alarm;
            }
            first = alarm;
            added = true;
            // A call may begin while the last proxy is being closed.
            run();
            // Under the lock, where the next round is set: whoever looks then sees this alarm.
            isEarly = alarm.dueAt() < nextRoundAt;
        }
        if (isEarly) {
            wake();
        }
    }

    /** Makes sure that the watchdog looks in time, after an alarm's due time was moved, at a time that is known. */
    void wakeFor(Alarm alarm, long now) {
        // What is further away than a round is looked at in time anyhow.
        if (alarm.dueAt() - now < 2 * ROUND_NANOS) {
            wakeFor(alarm);
        }
    }

    /** Makes sure that the watchdog looks in time, after an alarm's due time was moved. */
    void wakeFor(Alarm alarm) {
        // The due time has to be written before the round to come is read: the watchdog does it the other way round.
        VarHandle.fullFence();
        // Without a round to come, one is needed to begin the rhythm again.
        if (alarm.dueAt() < nextRoundAt) {
            wake();
        }
    }

    /**
     * Returns for how long this process did not run, as far as a round shows it that came late, or has not come yet.
     *
     * @param from the beginning of the time that is looked at
     * @param to its end, which is now at the latest
     */
    long pausedNanos(long from, long to) {
        return pauses.within(from, to, nextRoundAt);
    }

    private void wake() {
        Ticker.Repetition running;
        synchronized (lock) {
            running = repetition;
        }
        if (running != null) {
            running.wake();
        }
    }

    void remove(Alarm alarm) {
        synchronized (lock) {
            unlink(alarm);
        }
    }

    private void unlink(Alarm alarm) {
        if (alarm.previous != null) {
            alarm.previous.next = alarm.next;
        } else if (first == alarm) {
            first = alarm.next;
        }
        if (alarm.next != null) {
            alarm.next.previous = alarm.previous;
        }
        alarm.previous = null;
        alarm.next = null;
    }

    // One look at everything; returns when to look again.
    private long round(long now) {
        List<Alarm> due = new ArrayList<>(0);
        pauses.add(nextRoundAt, now);
        // An alarm that is moved after it was looked at asks for a round of its own.
        nextRoundAt = Long.MAX_VALUE;
        long next;
        synchronized (lock) {
            next = look(now, due);
            nextRoundAt = next;
        }
        for (Alarm alarm : due) {
            if (alarm.isAbandoned()) {
                leave(alarm);
            } else {
                ring(alarm, now);
            }
        }
        return next;
    }

    // The application's listeners hear of it: one that blocks must not hold up the timers of all calls.
    private void leave(Alarm alarm) {
        remove(alarm);
        abandoned.add(alarm);
        if (leaving.compareAndSet(false, true)) {
            ticker.runOnce("llmproxy-abandoned", this::leaveAll);
        }
    }

    private void leaveAll() {
        do {
            for (Alarm alarm = abandoned.poll(); alarm != null; alarm = abandoned.poll()) {
                ring(alarm, ticker.nanos());
            }
            leaving.set(false);
            // What came meanwhile found somebody at work.
        } while (!abandoned.isEmpty() && leaving.compareAndSet(false, true));
    }

    // Ending a call runs the application's own listeners: one that throws must not end the timers of all calls.
    private static void ring(Alarm alarm, long now) {
        try {
            alarm.ring(now);
        } catch (RuntimeException | Error e) {
            LOG.warn("The {} failed; the others go on.", alarm, e);
        }
    }

    private long look(long now, List<Alarm> due) {
        if (first == null && owners == 0) {
            stop();
            return Long.MAX_VALUE;
        }
        if (first == null && !added) {
            return Long.MAX_VALUE;
        }
        added = false;
        long next = now + ROUND_NANOS;
        for (Alarm alarm = first; alarm != null; alarm = alarm.next) {
            long dueAt = alarm.dueAt();
            if (dueAt <= now || alarm.isAbandoned()) {
                due.add(alarm);
            } else {
                next = Math.min(next, Math.max(dueAt, now + PRECISION_NANOS));
            }
        }
        // Whoever rings may have moved its due time: look again soon.
        return due.isEmpty() ? next : Math.min(next, now + PRECISION_NANOS);
    }

    private void stop() {
        if (repetition != null) {
            repetition.close();
            repetition = null;
        }
    }

    /** Gives up one owner; the thread ends with the last one, or with the last call. */
    @Override
    public void close() {
        synchronized (lock) {
            owners--;
            if (owners == 0 && first == null) {
                stop();
                return;
            }
        }
        wake();
    }
}
