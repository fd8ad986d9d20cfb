package dev.llmproxy.diagnosis;

/**
 * The state of this process at a moment. What is unknown is negative.
 *
 * @param heap what of the heap is in use, in bytes, garbage included
 * @param living what of the heap was in use after the last collections
 * @param descriptors how many file descriptors are open
 * @param threads how many threads live; the most is that of its control group
 * @param ports how many local ports of the machine are taken
 * @param processors how many processors it may use at once
 * @param cpuQuota the processors that its control group may use on average
 */
record Vitals(
        Gauge heap, Gauge living, Gauge descriptors, Gauge threads, Gauge ports, int processors, double cpuQuota) {
    static final Vitals UNKNOWN =
            new Vitals(Gauge.UNKNOWN, Gauge.UNKNOWN, Gauge.UNKNOWN, Gauge.UNKNOWN, Gauge.UNKNOWN, 1, Machine.UNKNOWN);

    private static final double MOST = 0.8;

    boolean isHeapFull() {
        return heap.part() >= MOST || living.part() >= MOST;
    }
}
