package dev.llmproxy.retry;

import java.time.Duration;

/**
 * What one place can still afford. It starts with a twentieth of what the proxy is asked in a minute, and gets back one
 * for twenty calls that come to the place: in an outage both together are a tenth of the calls at most, once there were
 * enough of them. Not thread-safe.
 */
final class Bucket {
    // Somebody who calls once in a while can repeat all the same.
    static final double LEAST = 3;
    static final double MOST = 10;
    private static final double PER_CALL = 0.05;
    private static final double MINUTE = Duration.ofMinutes(1).toNanos();
    private static final double LEAST_PER_NANO = 1.0 / Duration.ofSeconds(100).toNanos();
    private static final double MOST_PER_NANO = 1.0 / Duration.ofSeconds(10).toNanos();

    private final RecentCount calls = new RecentCount();
    private double tokens;
    private double size;
    private double largest;
    private long at;

    Bucket(long callsOfAll, long now) {
        this.size = size(callsOfAll);
        this.largest = size;
        this.tokens = size;
        this.at = now;
    }

    private static double size(long callsOfAll) {
        return Math.max(LEAST, Math.min(MOST, callsOfAll * PER_CALL));
    }

    /** Learns how many calls the proxy got in the last minute: with few of them there is little to save up. */
    void fit(long callsOfAll) {
        size = size(callsOfAll);
        if (size > largest) {
            // Nobody could know at the start how busy it would be.
            tokens += size - largest;
            largest = size;
        }
    }

    /** A call came to the place, whatever became of it. */
    void called(long now) {
        refill(now);
        calls.add(now);
    }

    boolean take(long now) {
        refill(now);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    void earn(double earned, long now) {
        refill(now);
        tokens = Math.min(size, tokens + earned);
    }

    boolean isFull(long now) {
        refill(now);
        return tokens >= size;
    }

    /** Says whether more than half of what it can hold is there. */
    boolean hasReserve(long now) {
        refill(now);
        return tokens > size / 2;
    }

    private void refill(long now) {
        double perNano = Math.max(LEAST_PER_NANO, Math.min(MOST_PER_NANO, calls.within(now) * PER_CALL / MINUTE));
        tokens = Math.min(size, tokens + Math.max(0, now - at) * perNano);
        at = Math.max(at, now);
    }
}
