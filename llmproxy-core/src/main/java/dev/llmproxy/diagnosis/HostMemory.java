package dev.llmproxy.diagnosis;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * What is remembered of one host. Writes of threads that meet may be lost: these are typical values, not an account.
 */
final class HostMemory {
    private static final long NEVER = Long.MIN_VALUE;
    private static final int SMOOTHING = 8;
    private static final AtomicLongFieldUpdater<HostMemory> ANSWERED_AT =
            AtomicLongFieldUpdater.newUpdater(HostMemory.class, "answeredAt");

    private final CutAges silenceAtCut = new CutAges();
    private final CutAges ageAtCut = new CutAges();
    // Published by answeredAt, which is written last and read first.
    private long answers;
    private long typicalFirstByte;
    private long longestFirstByte;
    private volatile long answeredAt = NEVER;
    private volatile long unreachableAt = NEVER;
    private volatile long failedAt = NEVER;

    /** Returns for how long nothing had come when calls to the host were cut. */
    CutAges silenceAtCut() {
        return silenceAtCut;
    }

    /** Returns how old calls to the host were when they were cut. */
    CutAges ageAtCut() {
        return ageAtCut;
    }

    void answered(long firstByteNanos, long now) {
        if (firstByteNanos >= 0) {
            typicalFirstByte =
                    answers == 0 ? firstByteNanos : typicalFirstByte + (firstByteNanos - typicalFirstByte) / SMOOTHING;
            longestFirstByte = Math.max(longestFirstByte, firstByteNanos);
        }
        answers++;
        ANSWERED_AT.lazySet(this, now);
    }

    void unreachable(long now) {
        unreachableAt = now;
    }

    void failed(long now) {
        failedAt = now;
    }

    boolean hasFailedSince(long since) {
        return failedAt != NEVER && failedAt - since >= 0;
    }

    long answers() {
        return answeredAt == NEVER ? 0 : answers;
    }

    /** Returns an exponential average of the times to the first byte, in nanoseconds. */
    long typicalFirstByteNanos() {
        return answeredAt == NEVER ? 0 : typicalFirstByte;
    }

    long longestFirstByteNanos() {
        return answeredAt == NEVER ? 0 : longestFirstByte;
    }

    boolean hasAnsweredSince(long since) {
        return answeredAt != NEVER && answeredAt - since >= 0;
    }

    boolean isUnreachableSince(long since) {
        return unreachableAt != NEVER && unreachableAt - since >= 0 && !hasAnsweredSince(unreachableAt);
    }
}
