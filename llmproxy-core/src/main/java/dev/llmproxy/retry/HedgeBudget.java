package dev.llmproxy.retry;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;

/** What hedges may cost: each call pays for a part of one, and a provider that has too little is left alone. Thread-safe. */
final class HedgeBudget {
    private static final double SIZE = 5;
    private static final long REST = Duration.ofSeconds(30).toNanos();

    private final double share;
    private double tokens;
    private long restsUntil = Long.MIN_VALUE;

    HedgeBudget(double share) {
        this.share = share;
    }

    synchronized void callStarted() {
        tokens = Math.min(SIZE, tokens + share);
    }

    synchronized boolean take(long now) {
        if (tokens < 1 || (restsUntil != Long.MIN_VALUE && now - restsUntil < 0)) {
            return false;
        }
        tokens--;
        return true;
    }

    /** Looks at why an attempt failed: who is to be given time does not get more to do. */
    void failed(Fault fault, long now) {
        if (fault.retry() == FaultCause.Retry.BACKOFF || fault.retry() == FaultCause.Retry.AFTER_HEADER) {
            rest(now + REST);
        }
    }

    private synchronized void rest(long until) {
        restsUntil = until;
    }
}
