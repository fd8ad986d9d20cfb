package dev.llmproxy.chain;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The waits of one call: parks its thread, and lets whoever ends the call wake it. All but {@link #unpark} is for the
 * thread of the call.
 */
final class Parker {
    private static final long CANCELLATION_CHECK_NANOS = Duration.ofMillis(50).toNanos();
    // Whoever ends the call or the wait wakes it: this is only for an end of which nobody has told.
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final CallContext call;
    private volatile @Nullable Thread parked;

    Parker(CallContext call) {
        this.call = call;
    }

    void await(Duration duration) throws InterruptedIOException {
        Ticker ticker = call.ticker();
        long until = ticker.nanos() + duration.toNanos();
        long slice = call.transport().announcesCancellation() ? Long.MAX_VALUE : CANCELLATION_CHECK_NANOS;
        parked = Thread.currentThread();
        try {
            for (long left = duration.toNanos(); left > 0; left = until - ticker.nanos()) {
                call.throwIfEnded();
                ticker.park(Math.min(left, slice));
            }
            call.throwIfEnded();
        } finally {
            parked = null;
        }
    }

    /** Waits as long as something goes on and time is left, which is asked again whenever the thread is woken. */
    void awaitUntil(Awaited other, LongSupplier left) throws InterruptedIOException {
        Thread thread = Thread.currentThread();
        long look = call.transport().announcesCancellation() ? LOOK_NANOS : CANCELLATION_CHECK_NANOS;
        parked = thread;
        other.add(thread);
        try {
            // What takes no time is not to cost a slice of it.
            long slice = 1;
            for (long nanos = left.getAsLong(); nanos > 0; nanos = left.getAsLong()) {
                if (other.hasEnded() || other.isGivenUp()) {
                    break;
                }
                call.throwIfEnded();
                call.ticker().park(Math.min(nanos, slice));
                slice = look;
            }
            call.throwIfEnded();
        } finally {
            other.remove(thread);
            parked = null;
        }
    }

    void park(long nanos) {
        // Set before the look at the call: who ends it looks the other way round.
        parked = Thread.currentThread();
        try {
            if (!call.isCancelled()) {
                call.ticker().park(nanos);
            }
        } finally {
            parked = null;
        }
    }

    /** Wakes the thread of the call where it waits. May be called from any thread. */
    void unpark() {
        Thread thread = parked;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public String toString() {
        return parked == null ? "not waiting" : "waiting";
    }
}
