package dev.llmproxy.limit;

/**
 * A short time in which fewer calls are let in, to see how long a first token takes when nobody waits. Only calls count
 * that were sent when those from before had gone. Not thread-safe.
 */
final class Probe {
    private static final int SAMPLES = 8;

    private boolean on;
    private boolean settled;
    private long settledAt;
    private int samples;

    void begin() {
        on = true;
        settled = false;
        samples = 0;
    }

    boolean isOn() {
        return on;
    }

    /** Says whether an answer counts; ends with the last one that does. */
    boolean measures(long nanos, boolean isWithin, long now) {
        if (!settled) {
            settled = isWithin;
            settledAt = now;
            return false;
        }
        if (now - nanos - settledAt < 0) {
            return false;
        }
        samples++;
        on = samples < SAMPLES;
        return true;
    }

    /** Returns how many answers counted so far. */
    int samples() {
        return samples;
    }

    @Override
    public String toString() {
        return on ? samples + " of " + SAMPLES : "off";
    }
}
