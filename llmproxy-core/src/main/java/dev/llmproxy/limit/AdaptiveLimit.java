package dev.llmproxy.limit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many calls at once a deployment takes. In windows of some answers the times to the first token are compared with
 * those that are usual without a queue: where they are later, calls wait there and fewer are let in, else more, as long
 * as there is a demand. What the provider refuses for want of capacity lowers the limit at once.
 *
 * <p>What is usual is learned while there is room ({@link Pace}). When there has not been any for a long time, fewer are
 * let in for a few answers ({@link Probe}), to see whether the times are still due to the queue. Thread-safe; a sample that comes while
 * another one is taken is left out.
 */
final class AdaptiveLimit {
    static final int FIRST = 16;
    private static final double TOLERATED = 1.6;
    private static final double LEAST_GRADIENT = 0.5;
    private static final double MOST_GROWTH = 0.25;
    private static final double SLOW_GROWTH = 1;
    private static final double OVERLOADED = 0.9;
    private static final double BUSY = 0.8;
    private static final double LEAST_SHARE = 0.05;
    private static final double SMOOTHING = 0.1;
    private static final double USED = 0.5;
    private static final double PROBE = 0.25;
    private static final int WINDOWS_UNTIL_PROBE = 50;
    private static final int WINDOWS_UNTIL_FIRST_PROBE = 3;
    private static final long SHORTEST_UNTIL_PROBE = Duration.ofSeconds(20).toNanos();
    private static final int WINDOWS_OF_KNEE = 100;
    private static final int SAMPLES = 10;
    private static final int SAMPLES_OF_CUT = 40;
    private static final long SHORTEST_WINDOW = Duration.ofMillis(100).toNanos();

    private final int most;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final DelayWindow window = new DelayWindow();
    private final Probe probe = new Probe();
    private volatile int limit;
    private volatile boolean overloaded;
    // How long a call keeps its permit. A lost update costs nothing.
    private double heldNanos;
    private double exact;
    private double beforeProbe;
    private double knee = Double.MAX_VALUE;
    private int sinceKnee;
    private int crowdedWindows;
    private boolean crowded;
    private boolean isProbed;
    private long probedAt;

    AdaptiveLimit(int most) {
        this.most = most;
        this.exact = Math.min(most, FIRST);
        this.limit = (int) exact;
    }

    int limit() {
        return limit;
    }

    /** Learns how long a first token took, and how many calls were running then. */
    void answered(Pace pace, long nanos, int running, long now) {
        if (busy.compareAndSet(false, true)) {
            try {
                if (probe.isOn()) {
                    probe(pace, nanos, running, now);
                } else {
                    measure(pace, nanos, running, now);
                }
            } finally {
                busy.set(false);
            }
        }
    }

    private void measure(Pace pace, long nanos, int running, long now) {
        double ratio = pace.ratio(nanos);
        if (!crowded) {
            pace.learn(ratio);
        }
        window.add(ratio, nanos, running, now);
        if (isWindowOver(pace, now)) {
            closeWindow(now);
        }
    }

    private void probe(Pace pace, long nanos, int running, long now) {
        if (probe.measures(nanos, running <= limit, now)) {
            pace.learnAnew(pace.ratio(nanos), probe.samples());
        }
        if (!probe.isOn()) {
            crowdedWindows = 0;
            window.restart(now);
            isProbed = true;
            probedAt = now;
            set(beforeProbe);
        }
    }

    // Long enough that what was changed is seen in it.
    private boolean isWindowOver(Pace pace, long now) {
        int samples = window.samples();
        long length = now - window.startedAt();
        return samples >= SAMPLES
                && (length >= Math.max((double) SHORTEST_WINDOW, pace.usualNanos() * window.median())
                        || (samples >= SAMPLES_OF_CUT && length >= SHORTEST_WINDOW));
    }

    /** Learns how long an answer took as a whole. */
    void ended(long nanos) {
        double known = heldNanos;
        heldNanos = known == 0 ? (double) nanos : known + SMOOTHING * (nanos - known);
    }

    /** The provider has refused a call for want of capacity. */
    void overloaded() {
        overloaded = true;
        // Whoever holds it looks for what was told meanwhile when its window is over.
        if (busy.compareAndSet(false, true)) {
            try {
                cutAtOnce();
            } finally {
                busy.set(false);
            }
        }
    }

    // Once for all that were on their way together.
    private void cutAtOnce() {
        if (!window.isCut()) {
            window.cut();
            overloaded = false;
            knee = (probe.isOn() ? beforeProbe : exact) * OVERLOADED;
            sinceKnee = 0;
            beforeProbe = knee;
            set(Math.min(exact, knee));
        }
    }

    private void closeWindow(long now) {
        double delay = window.median();
        int peak = window.peak();
        double share = waitingShare();
        if (overloaded) {
            // Told while a sample was being taken.
            cutAtOnce();
        }
        boolean cut = window.isCut();
        window.restart(now);
        if (++sinceKnee > WINDOWS_OF_KNEE) {
            knee = Double.MAX_VALUE;
        }
        if (!cut) {
            follow(delay, share, peak, now);
        }
    }

    // Only those wait there that have not got their first token: they are what there is too much of.
    private double waitingShare() {
        double held = heldNanos;
        return held == 0 ? 1 : Math.max(LEAST_SHARE, Math.min(1, window.meanNanos() / held));
    }

    private void follow(double delay, double share, int peak, long now) {
        crowded = peak >= exact * BUSY;
        crowdedWindows = crowded ? crowdedWindows + 1 : 0;
        if (peak < exact * USED) {
            return;
        }
        if (isProbeDue(delay, now)) {
            beforeProbe = exact;
            set(exact * (1 - share * (1 - PROBE)));
            probe.begin();
            return;
        }
        double gradient = Math.max(LEAST_GRADIENT, Math.min(1, TOLERATED / delay));
        set(exact * (1 - share * (1 - gradient)) + (gradient > LEAST_GRADIENT ? growth() : 0));
    }

    // What is usual was not learned for a long time, or never without a queue. Not while a long one is drained.
    private boolean isProbeDue(double delay, long now) {
        if (!isProbed) {
            return crowdedWindows >= WINDOWS_UNTIL_FIRST_PROBE;
        }
        int due = delay < 2 * TOLERATED ? WINDOWS_UNTIL_PROBE : 2 * WINDOWS_UNTIL_PROBE;
        return crowdedWindows >= due && now - probedAt >= SHORTEST_UNTIL_PROBE;
    }

    private double growth() {
        return exact >= knee ? SLOW_GROWTH : Math.min(Math.sqrt(exact), Math.max(SLOW_GROWTH, exact * MOST_GROWTH));
    }

    private void set(double next) {
        exact = Math.max(1, Math.min(most, next));
        limit = (int) exact;
    }

    @Override
    public String toString() {
        return limit + " of " + most;
    }
}
