package dev.llmproxy.diagnosis;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Compares how often the attempts at one place reused a connection with how often a pool would have let them that loses
 * none: five idle connections, each for two seconds, which is less than servers and clients keep them. What such a pool
 * could not serve (first calls, rare calls, the rest of a burst) is not expected to be reused. Thread-safe.
 */
final class Reuse {
    private static final int POOLED = 5;
    private static final long KEPT_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long FORGOTTEN_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int WINDOW = 20;
    private static final double CHURN_SHARE = 0.2;

    private final long[] idleSince = new long[POOLED];
    private int idle;
    private int running;
    private int expected;
    private int reused;
    private int opened;
    private int cutOff;
    private int leaked;
    private long lastAt;

    /** What was counted when nearly nothing was reused. */
    record Churn(int expected, int reused, int opened, int cutOff, int leaked) {}

    synchronized void began(long now) {
        if (now - lastAt > FORGOTTEN_NANOS) {
            forget();
        }
        lastAt = now;
        running++;
        if (idle > 0 && now - idleSince[idle - 1] <= KEPT_NANOS) {
            idle--;
            expected++;
        } else {
            // The latest is too old, and so are the others.
            idle = 0;
        }
    }

    /**
     * Notes the end of an attempt.
     *
     * @param openedOne whether it opened a connection; where that is not known it is taken for reused
     * @param healthy whether the other side kept to the protocol, so that the connection could have been kept
     * @param cut whether this side ended it before the answer was whole
     */
    synchronized void ended(boolean openedOne, boolean healthy, boolean cut, long now) {
        lastAt = now;
        running = Math.max(0, running - 1);
        opened += openedOne ? 1 : 0;
        reused += openedOne ? 0 : 1;
        cutOff += cut ? 1 : 0;
        if (!healthy) {
            return;
        }
        if (idle == POOLED) {
            System.arraycopy(idleSince, 1, idleSince, 0, POOLED - 1);
            idle--;
        }
        idleSince[idle++] = now;
    }

    synchronized void closedEarly() {
        cutOff++;
    }

    synchronized void leaked() {
        leaked++;
    }

    /** Returns what was counted, and begins anew, where nearly nothing was reused that should have been; else null. */
    @Nullable
    Churn churn() {
        // Each answer asks: what another thread has counted just now is seen by the next one.
        return expected < WINDOW ? null : counted();
    }

    private synchronized @Nullable Churn counted() {
        if (expected < WINDOW) {
            return null;
        }
        double most = CHURN_SHARE * expected;
        // Those that are on their way may still turn out to have reused one.
        Churn found = reused + running <= most ? new Churn(expected, reused, opened, cutOff, leaked) : null;
        if (found != null || reused > most) {
            forget();
        }
        return found;
    }

    private void forget() {
        expected = 0;
        reused = 0;
        opened = 0;
        cutOff = 0;
        leaked = 0;
    }
}
