package dev.llmproxy.retry;

import java.time.Duration;

/**
 * What can still be afforded at one place, or at all of them together. It starts with a twentieth of what the proxy is
 * asked in a minute, and gets back one for twenty calls that come: in an outage both together are a tenth of the calls at
 * most, once there were enough of them. Not thread-safe.
 */
final class Bucket {
    // Somebody who calls once in a while can repeat all the same.
    static final double LEAST = 3;
    static final double MOST = 10;
    private static final double LEAST_TRUSTED = 32;
    // Of the calls of a minute those of twenty seconds: a fifteenth of what an outage of five minutes lasts for.
    private static final double TRUSTED_PART = 1.0 / 3;
    private static final double PER_CALL = 0.05;
    private static final double MINUTE = Duration.ofMinutes(1).toNanos();
    private static final double LEAST_PER_NANO = 1.0 / Duration.ofSeconds(100).toNanos();
    private static final double MOST_PER_NANO = 1.0 / Duration.ofSeconds(10).toNanos();

    private final RecentCount calls;
    private final double most;
    private final double mostPerNano;
    private Elsewhere elsewhere = Elsewhere.UNKNOWN;
    private int trusted;
    private double tokens;
    private double size;
    private double largest;
    private long at;

    /** What is known of calls that fail here and go on to another deployment. */
    private enum Elsewhere {
        UNKNOWN,
        ANSWERED,
        FAILED
    }

    private Bucket(RecentCount calls, double most, double mostPerNano, long callsOfAll, long now) {
        this.calls = calls;
        this.most = most;
        this.mostPerNano = mostPerNano;
        this.size = size(callsOfAll);
        this.largest = size;
        this.tokens = size;
        this.at = now;
    }

    static Bucket ofPlace(long callsOfAll, long now) {
        return new Bucket(new RecentCount(), MOST, MOST_PER_NANO, callsOfAll, now);
    }

    /** Returns what all places share, which knows no most: many busy places may do what each of them may. */
    static Bucket ofAll(RecentCount calls, long now) {
        return new Bucket(calls, Double.MAX_VALUE, Double.MAX_VALUE, calls.within(now), now);
    }

    private double size(long callsOfAll) {
        return Math.max(LEAST, Math.min(most, callsOfAll * PER_CALL));
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

    boolean has(long now) {
        refill(now);
        return tokens >= 1;
    }

    /** Takes one, of those that are there or of those to come. */
    void take() {
        tokens--;
    }

    /** Says whether the last call that went on to another deployment was answered there. */
    boolean isServedElsewhere() {
        return elsewhere == Elsewhere.ANSWERED;
    }

    void servedElsewhere(boolean served) {
        elsewhere = served ? Elsewhere.ANSWERED : Elsewhere.FAILED;
    }

    /**
     * Lets a call go on to another deployment of which nobody knows whether it answers: answers of models take their time,
     * and calls that come meanwhile are not to fail for that. They are those of the last twenty seconds, also where nobody
     * called before.
     */
    boolean trust(long callsOfAll, long callsLately) {
        double most = Math.max(LEAST_TRUSTED, Math.max(callsOfAll * TRUSTED_PART, (double) callsLately));
        boolean isLetOn = elsewhere == Elsewhere.UNKNOWN && trusted < most;
        trusted += isLetOn ? 1 : 0;
        return isLetOn;
    }

    /** A call that was trusted is back. */
    void trustedIsBack() {
        trusted = Math.max(0, trusted - 1);
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
        double perNano = Math.max(LEAST_PER_NANO, Math.min(mostPerNano, calls.within(now) * PER_CALL / MINUTE));
        tokens = Math.min(size, tokens + Math.max(0, now - at) * perNano);
        at = Math.max(at, now);
    }
}
