package dev.llmproxy.diagnosis;

import java.util.concurrent.atomic.AtomicLong;

/** What is remembered of the traffic to one place, for conditions. Thread-safe. */
final class Place {
    private static final int SMOOTHING = 8;

    private final String name;
    private final Reuse reuse = new Reuse();
    private final ConnectTimes connects = new ConnectTimes();
    private final Amplification amplification = new Amplification();
    // Writes of threads that meet may be lost: a typical value, not an account.
    private final AtomicLong attemptNanos = new AtomicLong();

    Place(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    Reuse reuse() {
        return reuse;
    }

    ConnectTimes connects() {
        return connects;
    }

    Amplification amplification() {
        return amplification;
    }

    void took(long nanos) {
        long known = attemptNanos.getPlain();
        attemptNanos.setPlain(known == 0 ? nanos : known + (nanos - known) / SMOOTHING);
    }

    /** Returns how long attempts that succeed usually take, in nanoseconds; 0 where none has. */
    long attemptNanos() {
        return attemptNanos.getPlain();
    }
}
