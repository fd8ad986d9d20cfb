package dev.llmproxy.redis;

import dev.failsafe.CircuitBreaker;
import dev.llmproxy.chain.Ticker;
import java.io.IOException;
import java.time.Duration;

/**
 * Leaves a server alone that fails: after three failures in a row nothing is asked, but for one trial each three seconds.
 * Thread-safe.
 */
final class Guard {
    static final Duration REST = Duration.ofSeconds(3);

    private static final int FAILURES = 3;
    // Failsafe would end the rest by its own clock: we end it.
    private static final Duration NEVER = Duration.ofDays(10_000);

    private final CircuitBreaker<Object> breaker = CircuitBreaker.builder()
            .withFailureThreshold(FAILURES)
            .withSuccessThreshold(1)
            .withDelay(NEVER)
            .build();
    private final Ticker ticker;
    private volatile long trialAt;
    private volatile String failure = "";

    Guard(Ticker ticker) {
        this.ticker = ticker;
        this.trialAt = ticker.nanos();
    }

    /** Says what came of it by {@link #succeeded} or {@link #failed}; whoever does not has only wasted a trial. */
    void enter() throws IOException {
        if (!breaker.isClosed() && !mayTry()) {
            throw resting();
        }
    }

    /** Throws while the server is left alone, and takes no trial. */
    void requireClosed() throws IOException {
        if (!breaker.isClosed()) {
            throw resting();
        }
    }

    private IOException resting() {
        return new IOException("Redis is left alone for up to " + REST.toSeconds() + " s: " + failure);
    }

    private boolean mayTry() {
        return ticker.nanos() - trialAt >= 0 && tryNow();
    }

    private synchronized boolean tryNow() {
        long now = ticker.nanos();
        if (breaker.isClosed()) {
            return true;
        }
        if (now - trialAt < 0) {
            return false;
        }
        // Also the end of a trial of which nothing was heard.
        trialAt = now + REST.toNanos();
        breaker.open();
        breaker.halfOpen();
        return breaker.tryAcquirePermit();
    }

    void succeeded() {
        breaker.recordSuccess();
    }

    void failed(String why) {
        failure = why;
        // Before the breaker opens, so that nobody finds it open and its rest over.
        trialAt = ticker.nanos() + REST.toNanos();
        breaker.recordFailure();
    }

    @Override
    public String toString() {
        return breaker.isClosed() ? "closed" : "open: " + failure;
    }
}
