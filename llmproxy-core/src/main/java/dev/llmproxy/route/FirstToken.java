package dev.llmproxy.route;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * How long a first token takes lately: a mean that weighs what is older less, and goes at once as high as what is slower
 * (a peak EWMA). Where nothing comes although somebody waits, as long as that already is. What was not measured for long is
 * taken for less than it was, so that it is tried again. Thread-safe.
 */
final class FirstToken {
    private static final double MEMORY = Duration.ofSeconds(10).toNanos();
    private static final AtomicIntegerFieldUpdater<FirstToken> WAITING =
            AtomicIntegerFieldUpdater.newUpdater(FirstToken.class, "waiting");

    private static final AtomicLongFieldUpdater<FirstToken> SILENT_SINCE =
            AtomicLongFieldUpdater.newUpdater(FirstToken.class, "silentSince");

    private volatile double mean;
    private volatile long at;
    private volatile int waiting;
    // Since when none has come.
    private volatile long silentSince;

    /** Somebody begins to wait for it. */
    void begin(long now) {
        if (waiting == 0) {
            // Seen by whoever sees that somebody waits.
            SILENT_SINCE.lazySet(this, now);
        }
        if (WAITING.getAndIncrement(this) == 0) {
            SILENT_SINCE.lazySet(this, now);
        }
    }

    /** It has come. */
    void came(long nanos, long now) {
        WAITING.decrementAndGet(this);
        SILENT_SINCE.lazySet(this, now);
        took(nanos, now);
    }

    /** Nobody waits for it any more, and it has not come. */
    void leave() {
        WAITING.decrementAndGet(this);
    }

    private synchronized void took(long nanos, long now) {
        double known = mean;
        double kept = MEMORY / (MEMORY + Math.max(0, now - at));
        mean = nanos > known ? nanos : known * kept + nanos * (1 - kept);
        at = now;
    }

    /** Learns that an attempt has failed after a time: longer than the mean says something of it. */
    void tookAtLeast(long nanos, long now) {
        if (nanos > mean) {
            took(nanos, now);
        }
    }

    /** Returns nanoseconds; 0 where nothing was measured. */
    double lately(long now) {
        double known = mean;
        if (known == 0) {
            return 0;
        }
        double measured = known * MEMORY / (MEMORY + Math.max(0, now - at));
        return waiting > 0 ? Math.max(measured, (double) (now - silentSince)) : measured;
    }

    /** Returns the mean as it was last measured. */
    Duration measured() {
        return Duration.ofNanos(Math.round(mean));
    }

    @Override
    public String toString() {
        return measured() + ", " + waiting + " waiting";
    }
}
