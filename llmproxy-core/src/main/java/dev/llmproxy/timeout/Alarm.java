package dev.llmproxy.timeout;

import org.jspecify.annotations.Nullable;

/** Something that the watchdog looks at. It is a link of the watchdog's list itself: nothing is allocated to add it. */
abstract class Alarm {
    @Nullable
    Alarm previous;

    @Nullable
    Alarm next;

    /** When it wants to ring, in nanoseconds of the ticker. May be moved at any time, by any thread. */
    volatile long dueAt = Long.MAX_VALUE;

    /** Says whether what it stands for is gone without a word. */
    abstract boolean isAbandoned();

    /** Called by the watchdog, outside its lock, when the time has come or the alarm is abandoned. */
    abstract void ring(long now);
}
