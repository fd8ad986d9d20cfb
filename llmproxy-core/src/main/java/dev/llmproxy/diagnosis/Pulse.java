package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;

/** Wants to run every 50 ms, and notes when it did not: then nothing else of this process ran in time either. */
final class Pulse implements AutoCloseable {
    static final long PERIOD_NANOS = Duration.ofMillis(50).toNanos();
    /** Threads are late by less than this all the time. */
    static final long LATE_NANOS = Duration.ofMillis(50).toNanos();

    private static final long NEVER = Long.MAX_VALUE;

    private final Stalls stalls;
    private final Runnable first;
    private final LongConsumer each;
    private final Ticker.Repetition repetition;
    private volatile long dueAt = NEVER;
    private boolean begun;
    private volatile boolean closed;

    /**
     * Starts the pulse.
     *
     * @param ticker the time
     * @param stalls where it is noted that a beat was late
     * @param first called once before the first beat; it may take its time
     * @param each called at each beat with the time
     */
    Pulse(Ticker ticker, Stalls stalls, Runnable first, LongConsumer each) {
        this.stalls = stalls;
        this.first = first;
        this.each = each;
        this.repetition = ticker.repeat("llmproxy-pulse", this::beat);
    }

    private long beat(long now) {
        if (closed) {
            return NEVER;
        }
        if (!begun) {
            begun = true;
            first.run();
            return now;
        }
        if (isLate(dueAt, now)) {
            stalls.add(dueAt, now);
        }
        long next = now + PERIOD_NANOS;
        dueAt = next;
        each.accept(now);
        return next;
    }

    private static boolean isLate(long due, long now) {
        return due != NEVER && now - due >= LATE_NANOS;
    }

    /** Says whether the pulse may have missed anything of a window. */
    boolean hasMissedSince(long from, long to) {
        return isLate(dueAt, to) || !stalls.areOverBy(from);
    }

    /** Returns what of a window the pulse has missed; a beat that is late and has not come yet is missed, too. */
    Coverage missed(Span window) {
        // Read first: a beat that comes meanwhile has noted what it missed.
        long due = dueAt;
        Coverage noted = stalls.within(window);
        return isLate(due, window.to())
                ? noted.plus(Coverage.of(List.of(new Span(due, window.to()).within(window))))
                : noted;
    }

    @Override
    public void close() {
        closed = true;
        dueAt = NEVER;
        repetition.close();
    }

    @Override
    public String toString() {
        return "pulse, " + stalls;
    }
}
