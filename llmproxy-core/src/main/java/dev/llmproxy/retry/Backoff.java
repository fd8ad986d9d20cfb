package dev.llmproxy.retry;

import dev.llmproxy.fault.Blame;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultFamily;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the same deployment is asked again. Full jitter: callers that failed together come apart. */
final class Backoff {
    private static final long BASE = Duration.ofMillis(500).toNanos();
    private static final long CAP = Duration.ofSeconds(8).toNanos();
    private static final long THROTTLED_BASE = Duration.ofSeconds(1).toNanos();
    private static final long THROTTLED_CAP = Duration.ofSeconds(20).toNanos();
    private static final double LATENESS = 0.1;
    private static final int MOST_DOUBLINGS = 10;

    private final RandomGenerator random;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** Returns a wait for the backoff of this number, from 1. */
    long nanos(Fault fault, int number) {
        return isThrottling(fault) ? jittered(THROTTLED_BASE, THROTTLED_CAP, number) : jittered(BASE, CAP, number);
    }

    /** Returns a wait as if the provider was short of capacity. */
    long throttledNanos(int number) {
        return jittered(THROTTLED_BASE, THROTTLED_CAP, number);
    }

    private long jittered(long base, long cap, int number) {
        return (long) (random.nextDouble() * Math.min(cap, base << Math.min(number - 1, MOST_DOUBLINGS)));
    }

    // What a provider has too little of comes back more slowly than what it has broken.
    private static boolean isThrottling(Fault fault) {
        return fault.family() == FaultFamily.RESOURCE_EXHAUSTION && fault.blame() == Blame.PROVIDER;
    }

    /** Returns a wait of at least what the provider asks for: not all callers come at the same moment. */
    long toldNanos(long told) {
        return told + (long) (random.nextDouble() * LATENESS * told);
    }
}
