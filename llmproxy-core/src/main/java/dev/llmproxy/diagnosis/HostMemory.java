package dev.llmproxy.diagnosis;

/**
 * What is remembered of one host. Writes of threads that meet may be lost: these are typical values, not an account.
 */
final class HostMemory {
    private static final long NEVER = Long.MIN_VALUE;
    private static final int SMOOTHING = 8;

    private volatile long answers;
    private volatile long typicalFirstByte;
    private volatile long longestFirstByte;
    private volatile long answeredAt = NEVER;
    private volatile long unreachableAt = NEVER;

    @SuppressWarnings("NonAtomicVolatileUpdate") // see above
    void answered(long firstByteNanos, long now) {
        if (firstByteNanos >= 0) {
            typicalFirstByte =
                    answers == 0 ? firstByteNanos : typicalFirstByte + (firstByteNanos - typicalFirstByte) / SMOOTHING;
            longestFirstByte = Math.max(longestFirstByte, firstByteNanos);
        }
        answers++;
        answeredAt = now;
    }

    void unreachable(long now) {
        unreachableAt = now;
    }

    long answers() {
        return answers;
    }

    /** Returns an exponential average of the times to the first byte, in nanoseconds. */
    long typicalFirstByteNanos() {
        return typicalFirstByte;
    }

    long longestFirstByteNanos() {
        return longestFirstByte;
    }

    boolean hasAnsweredSince(long since) {
        return answeredAt != NEVER && answeredAt - since >= 0;
    }

    boolean isUnreachableSince(long since) {
        return unreachableAt != NEVER && unreachableAt - since >= 0 && !hasAnsweredSince(unreachableAt);
    }
}
