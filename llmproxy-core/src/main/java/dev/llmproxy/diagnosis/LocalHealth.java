package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Knows when this process itself stood still, and why: one thread for the whole JVM that wants to run every 50 ms. A call
 * that succeeds costs nothing.
 *
 * <p>The thread lives as long as a proxy is open. Thread-safe.
 */
final class LocalHealth implements AutoCloseable {
    private static final long SAMPLE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LEAST_MEASURED_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long VITALS_KEPT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LAST_MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int STALLS_KEPT = 1_024;
    private static final Object SHARING = new Object();
    private static @Nullable LocalHealth shared;

    private final Ticker ticker;
    private final Machine machine;
    private final Stalls collections = new Stalls(STALLS_KEPT);
    private final CpuHistory cpu = new CpuHistory();
    private final Pulse pulse;
    private long sampleAt;
    private boolean sampled;
    private Vitals vitals = Vitals.UNKNOWN;
    private long vitalsAt = Long.MIN_VALUE;
    private int owners = 1;

    /** Watches over a time and a machine of its own. */
    LocalHealth(Ticker ticker, Machine machine) {
        this.ticker = ticker;
        this.machine = machine;
        this.pulse = new Pulse(ticker, new Stalls(STALLS_KEPT), this::begin, this::sample);
    }

    /**
     * Returns the health of this process, for one more owner. Over the time of a test nothing of the real machine counts.
     */
    static LocalHealth open(Ticker ticker) {
        if (ticker != Ticker.system()) {
            return new LocalHealth(ticker, Machine.NONE);
        }
        synchronized (SHARING) {
            LocalHealth running = shared;
            if (running != null) {
                running.owners++;
                return running;
            }
            shared = new LocalHealth(ticker, Machine.own());
            return shared;
        }
    }

    // On the thread of the pulse: nobody who builds a proxy waits until the platform's beans are there.
    private void begin() {
        machine.begin(collections, ticker);
    }

    private void sample(long now) {
        if (!sampled || now - sampleAt >= 0) {
            sampled = true;
            sampleAt = now + SAMPLE_NANOS;
            cpu.add(machine.sample(now));
        }
    }

    /** Returns what this process missed of a time that ends now. */
    Stall stall(Span window) {
        machine.catchUp();
        Coverage stopped = collections.within(window);
        Coverage missed = pulse.missed(window).plus(stopped);
        long now = ticker.nanos();
        // Many calls may fail at once: what is remembered is to reach back.
        if (now - cpu.lastAt() >= Pulse.PERIOD_NANOS) {
            cpu.add(machine.sample(now));
        }
        CpuUse use = cpu.since(Math.min(window.from(), window.to() - LEAST_MEASURED_NANOS));
        return new Stall(missed, stopped, use);
    }

    /** Says whether this process missed enough of a time for what was measured in it to tell nothing of the peer. */
    boolean wasStalled(long from, long to) {
        // Each attempt that is answered asks.
        if (!pulse.hasMissedSince(from, to) && collections.areOverBy(from)) {
            return false;
        }
        Span window = new Span(from, to);
        return pulse.missed(window).plus(collections.within(window)).nanos() >= 2 * Pulse.LATE_NANOS;
    }

    /** Returns the part of the last minute in which the collection of garbage stopped everything. */
    double collectingLately() {
        long now = ticker.nanos();
        return (double) collections
                        .within(new Span(now - LAST_MINUTE_NANOS, now))
                        .nanos()
                / LAST_MINUTE_NANOS;
    }

    /** Returns the state of this process, at most a second old: many calls may fail at once. */
    synchronized Vitals vitals() {
        long now = ticker.nanos();
        if (vitalsAt == Long.MIN_VALUE || now - vitalsAt >= VITALS_KEPT_NANOS) {
            vitals = machine.vitals();
            vitalsAt = now;
        }
        return vitals;
    }

    /** Gives up one owner; the thread ends with the last one. */
    @Override
    public void close() {
        synchronized (SHARING) {
            owners--;
            if (owners > 0) {
                return;
            }
            if (shared == this) {
                shared = null;
            }
        }
        pulse.close();
        machine.close();
    }

    @Override
    public String toString() {
        return pulse.toString();
    }
}
