package dev.llmproxy.diagnosis;

/**
 * How much of the processors this process has had in a time. What is unknown is negative.
 *
 * @param nanos the time that was measured
 * @param usedNanos what all threads together have used in it
 * @param throttledNanos for how long the control group was held back
 * @param queuedNanos for how long the pulse was ready to run and had no processor
 * @param collectingNanos for how long the collection of garbage stopped everything
 * @param readyPermille how many threads of the machine were ready on average to run for each of its processors, of 1,000
 * @param busyPermille how busy the machine was at the most
 */
record CpuUse(
        long nanos,
        long usedNanos,
        long throttledNanos,
        long queuedNanos,
        long collectingNanos,
        long readyPermille,
        long busyPermille) {
    static final CpuUse UNKNOWN = new CpuUse(
            0, Machine.UNKNOWN, Machine.UNKNOWN, Machine.UNKNOWN, Machine.UNKNOWN, Machine.UNKNOWN, Machine.UNKNOWN);

    private static final double PART = 0.3;
    private static final long CROWD_PERMILLE = 4_000;
    private static final double SHORT_PART = 0.15;
    private static final double ALL = 0.9;
    private static final long BUSY_PERMILLE = 950;

    static CpuUse between(CpuSample first, CpuSample last, long readyPermille, long busyPermille) {
        return new CpuUse(
                last.at() - first.at(),
                difference(first.usedNanos(), last.usedNanos()),
                difference(first.throttledNanos(), last.throttledNanos()),
                difference(first.queuedNanos(), last.queuedNanos()),
                difference(first.collectingNanos(), last.collectingNanos()),
                readyPermille,
                busyPermille);
    }

    private static long difference(long first, long last) {
        return first < 0 || last < first ? Machine.UNKNOWN : last - first;
    }

    /** Says whether the quota of the control group explains a stall. */
    boolean isThrottled(long stallNanos) {
        return throttledNanos > 0 && throttledNanos >= PART * stallNanos;
    }

    /** Says whether too few processors explain a stall. */
    boolean isStarved(long stallNanos, int processors) {
        if (isThrottled(stallNanos)) {
            return true;
        }
        // The scheduler's own account counts more than how busy everything looks.
        return queuedNanos >= 0
                ? queuedNanos > 0 && queuedNanos >= PART * stallNanos
                : busyPermille >= BUSY_PERMILLE || isUsedUp(processors);
    }

    /**
     * Says whether threads were short of processors all the time. The pulse needs next to none: where even that waits for
     * one, whoever has more to do waits much longer.
     */
    boolean isShort() {
        return nanos > 0
                && (readyPermille >= CROWD_PERMILLE || Math.max(queuedNanos, throttledNanos) >= SHORT_PART * nanos);
    }

    /** Returns how much of a part of the time the collection of garbage took, if it was spread evenly. */
    long collectingNanos(long part) {
        return nanos <= 0 || collectingNanos <= 0
                ? 0
                : Math.min(part, Math.round((double) collectingNanos / nanos * part));
    }

    private boolean isUsedUp(int processors) {
        return nanos > 0 && usedNanos >= ALL * nanos * processors;
    }

    /** Returns how many processors this process has had, or a negative number. */
    double processorsUsed() {
        return nanos <= 0 || usedNanos < 0 ? Machine.UNKNOWN : (double) usedNanos / nanos;
    }
}
