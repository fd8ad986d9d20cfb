package dev.llmproxy.route;

import dev.failsafe.CircuitBreaker;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultFamily;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether calls go to a place: an endpoint, or one model at it. Shut when its failures are more than bad luck, for a
 * while that doubles; opened by the first call that is answered there. Thread-safe.
 *
 * <p>Failsafe's breaker carries the three states and gives out the permit of the one call that tries the place again. Its
 * thresholds and its delay decide nothing: it counts what a fault's cause says nothing of, and reads a clock of its own.
 */
final class Circuit {
    /** The shortest time between two calls that try a place again, where there is nothing else. */
    static final long PATIENCE = Duration.ofSeconds(5).toNanos();

    private static final long LONGEST_PATIENCE = 8 * PATIENCE;
    private static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);
    // A Bernoulli CUSUM of shares of failures: 1 % is usual, 10 % is too much.
    private static final double OF_SUCCESS = -0.0953;
    private static final double OF_FAILURE = 2.3026;
    private static final double TOO_MUCH = 8;
    private static final int LEAST_FAILURES = 3;
    private static final long FIRST_REST = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST_REST = Duration.ofMinutes(5).toNanos();
    private static final long FORGIVEN_AFTER = Duration.ofMinutes(10).toNanos();
    private static final double JITTER = 0.2;
    private static final long WARM_AFTER = Duration.ofSeconds(30).toNanos();
    private static final double COLD = 0.1;
    private static final long NOT_YET = Long.MIN_VALUE;

    private final CircuitBreaker<Object> breaker = CircuitBreaker.builder()
            .withFailureThreshold(1)
            .withSuccessThreshold(1)
            .withDelay(NEVER)
            .build();
    private final RandomGenerator random;
    // All but what is volatile: guarded by this.
    private double evidence;
    private int failures;
    private int rests;
    private long shutAt;
    private long dueAt;
    private long triedAt;
    // Since when, after a rest, it is being tried, by one call or several of which none has come back.
    private long tryingSince;
    private long patience = PATIENCE;
    private @Nullable Rest rest;
    private volatile boolean suspected;
    // What the breaker says of it, where each pick can read it at once.
    private volatile boolean open = true;
    private volatile long openedAt = NOT_YET;

    Circuit(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Why a place rests.
     *
     * @param fault the last failure
     * @param failures how many there were
     * @param since when it was shut, of the rests in a row the first
     * @param nanos how long it rests, from the last failure on
     * @param number which of the rests in a row it is, from 1
     */
    record Rest(Fault fault, int failures, long since, long nanos, int number) {}

    /** Says whether calls go there. */
    boolean isOpen() {
        return open;
    }

    synchronized @Nullable Rest rest() {
        return rest;
    }

    /**
     * Learns that an attempt has failed there.
     *
     * @return for how long the place rests from now on; null where nothing has changed by that
     */
    synchronized @Nullable Rest failed(Fault fault, long startedAt, long now) {
        if (!breaker.isClosed()) {
            return breaker.isHalfOpen() && startedAt - tryingSince >= 0 ? failedAgain(fault, now) : null;
        }
        evidence += fault.cause().family() == FaultFamily.DATA_CORRUPTION ? 2 * OF_FAILURE : OF_FAILURE;
        failures++;
        suspected = true;
        if (evidence < TOO_MUCH || failures < LEAST_FAILURES) {
            return null;
        }
        long good = openedAt == NOT_YET ? Long.MAX_VALUE : now - openedAt;
        rests = (int) Math.max(0, rests - good / FORGIVEN_AFTER);
        shutAt = now;
        return shut(fault, now);
    }

    private Rest failedAgain(Fault fault, long now) {
        failures++;
        return shut(fault, now);
    }

    private Rest shut(Fault fault, long now) {
        breaker.open();
        open = false;
        long nanos = Math.min(LONGEST_REST, FIRST_REST << Math.min(rests, 5));
        nanos = Math.round(nanos * (1 - JITTER + 2 * JITTER * random.nextDouble()));
        nanos = Math.max(nanos, Math.min(LONGEST_REST, toldBy(fault)));
        rests++;
        triedAt = now;
        dueAt = now + nanos;
        Rest begun = new Rest(fault, failures, shutAt, nanos, rests);
        rest = begun;
        return begun;
    }

    private static long toldBy(Fault fault) {
        return fault.retryAfter()
                .filter(told -> told.compareTo(NEVER) < 0)
                .map(Duration::toNanos)
                .orElse(0L);
    }

    /**
     * Learns that an attempt was answered there.
     *
     * @return for how long calls did not go there, where that is over by this; else -1
     */
    long succeeded(long startedAt, long now) {
        // What was sent before it was shut proves nothing, and most have nothing to disprove.
        return suspected ? disproved(startedAt, now) : -1;
    }

    private synchronized long disproved(long startedAt, long now) {
        if (breaker.isClosed()) {
            evidence += OF_SUCCESS;
            if (evidence <= 0) {
                forget();
            }
            return -1;
        }
        if (startedAt - shutAt < 0) {
            return -1;
        }
        breaker.close();
        openedAt = now;
        forget();
        open = true;
        return now - shutAt;
    }

    private void forget() {
        evidence = 0;
        failures = 0;
        rest = null;
        suspected = false;
    }

    /**
     * Gives out the permit to try the place again, where it is due.
     *
     * @param urgent whether there is nothing else: then it need not be quite as rested
     */
    synchronized boolean tryAgain(long now, boolean urgent) {
        if (breaker.isClosed()) {
            return true;
        }
        if (breaker.isHalfOpen() && isDue(now, urgent)) {
            // Whoever tried it has not come back yet, or has proved nothing. What swallows calls gets fewer and fewer.
            breaker.open();
            breaker.halfOpen();
            patience = Math.min(LONGEST_PATIENCE, 2 * patience);
        } else if (breaker.isOpen() && isDue(now, urgent)) {
            breaker.halfOpen();
            tryingSince = now;
            patience = PATIENCE;
        }
        boolean permitted = breaker.isHalfOpen() && breaker.tryAcquirePermit();
        if (permitted) {
            triedAt = now;
        }
        return permitted;
    }

    /** Says whether the place may be tried again. */
    synchronized boolean isDue(long now, boolean urgent) {
        boolean isRested = breaker.isHalfOpen() ? now - triedAt >= patience : now - dueAt >= 0;
        return isRested || (urgent && now - triedAt >= PATIENCE);
    }

    /** Returns when the place may be tried again, where there is nothing else. */
    synchronized long dueAt() {
        return Math.min(dueAt, triedAt + PATIENCE);
    }

    /** Returns how much of its share a place is to get: less right after it was opened again. */
    double warmth(long now) {
        long since = openedAt;
        if (since == NOT_YET || now - since >= WARM_AFTER) {
            return 1;
        }
        return COLD + (1 - COLD) * (now - since) / WARM_AFTER;
    }

    @Override
    public String toString() {
        return breaker.getState().toString();
    }
}
