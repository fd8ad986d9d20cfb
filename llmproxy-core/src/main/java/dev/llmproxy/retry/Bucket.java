package dev.llmproxy.retry;

import java.time.Duration;

/** What one place can still afford. It starts full. Not thread-safe. */
final class Bucket {
    static final double SIZE = 10;
    private static final double PER_NANO = 1.0 / Duration.ofSeconds(10).toNanos();

    private double tokens = SIZE;
    private long at;

    Bucket(long now) {
        this.at = now;
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
        tokens = Math.min(SIZE, tokens + earned);
    }

    boolean isFull(long now) {
        refill(now);
        return tokens >= SIZE;
    }

    private void refill(long now) {
        tokens = Math.min(SIZE, tokens + Math.max(0, now - at) * PER_NANO);
        at = Math.max(at, now);
    }
}
