package dev.llmproxy.timeout;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/** Something that the watchdog looks at. It is a link of the watchdog's list itself: nothing is allocated to add it. */
abstract class Alarm {
    private static final AtomicLongFieldUpdater<Alarm> DUE_AT = AtomicLongFieldUpdater.newUpdater(Alarm.class, "dueAt");

    @Nullable
    Alarm previous;

    @Nullable
    Alarm next;

    /** When it wants to ring, in nanoseconds of the ticker. May be moved at any time, by any thread. */
    @SuppressWarnings("UnusedVariable") // written through DUE_AT
    private volatile long dueAt;

    final long dueAt() {
        return dueAt;
    }

    /** Moves it, and publishes what was written before: without the price of a volatile write, for each read of a body. */
    final void dueAt(long at) {
        DUE_AT.lazySet(this, at);
    }

    /** Says whether what it stands for is gone without a word. */
    abstract boolean isAbandoned();

    /**
     * Called by the watchdog, outside its lock, when the time has come; when the alarm is abandoned once, on a thread of its
     * own, and not looked at any more.
     */
    abstract void ring(long now);
}
