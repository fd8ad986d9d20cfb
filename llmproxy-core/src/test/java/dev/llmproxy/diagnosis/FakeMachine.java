package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Ticker;
import java.util.ArrayList;
import java.util.List;

/** A machine that is in the state that a test wants. */
final class FakeMachine implements Machine {
    private static final long MEGABYTE = 1 << 20;

    Gauge heap = new Gauge(40 * MEGABYTE, 96 * MEGABYTE);
    Gauge living = new Gauge(30 * MEGABYTE, 96 * MEGABYTE);
    Gauge descriptors = new Gauge(100, 1_024);
    Gauge threads = new Gauge(20, UNKNOWN);
    Gauge ports = new Gauge(10, 28_232);
    double cpuQuota = UNKNOWN;
    long usedNanos;
    long throttledNanos = UNKNOWN;
    long queuedNanos = UNKNOWN;
    long collectingNanos = UNKNOWN;
    long readyPermille = UNKNOWN;
    long busyPermille = UNKNOWN;
    boolean closed;
    private final List<Span> untold = new ArrayList<>();
    private Stalls collections = new Stalls(1);

    /** Collects garbage, and tells of it only when it is asked. */
    void collect(long from, long to) {
        untold.add(new Span(from, to));
    }

    @Override
    public void begin(Stalls into, Ticker ticker) {
        collections = into;
    }

    @Override
    public CpuSample sample(long now) {
        return new CpuSample(now, usedNanos, throttledNanos, queuedNanos, collectingNanos, readyPermille, busyPermille);
    }

    @Override
    public Vitals vitals() {
        return new Vitals(heap, living, descriptors, threads, ports, 2, cpuQuota);
    }

    @Override
    public void catchUp() {
        untold.forEach(span -> collections.add(span.from(), span.to()));
        untold.clear();
    }

    @Override
    public void close() {
        closed = true;
    }
}
