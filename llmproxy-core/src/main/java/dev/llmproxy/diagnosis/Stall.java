package dev.llmproxy.diagnosis;

/**
 * What this process missed of a time, and what else is known of why.
 *
 * @param missed when it did not run
 * @param collections when the collection of garbage stopped it; part of what it missed
 * @param cpu what it had of the processors, in that time or in the last second
 */
record Stall(Coverage missed, Coverage collections, CpuUse cpu) {
    static final Stall NONE = new Stall(Coverage.none(), Coverage.none(), CpuUse.UNKNOWN);

    private static final double MOST = 0.5;

    /**
     * Returns how much of the time the collection of garbage took. The JVM has little time to tell of collections that
     * follow each other closely: then their sum tells more.
     */
    long collectingNanos() {
        return Math.max(collections.nanos(), cpu.collectingNanos(missed.nanos()));
    }

    boolean isCollecting() {
        return !missed.isEmpty() && collectingNanos() >= MOST * missed.nanos();
    }

    boolean isThrottled() {
        return cpu.isThrottled(missed.nanos());
    }

    /** Says whether threads were short of processors meanwhile, whatever stopped the pulse. */
    boolean isShortOfCpu(int processors) {
        return cpu.isShort() || isFromCpu(processors);
    }

    /**
     * Says whether a shortage of processors explains that a limit fired late. Where the pulse was stopped as long as that,
     * it has to explain the stop: a machine may be crowded and a process frozen.
     */
    boolean isStarved(long lateNanos, int processors) {
        boolean wasStopped = !missed.isEmpty() && missed.nanos() >= MOST * lateNanos;
        return wasStopped ? isFromCpu(processors) : cpu.isShort();
    }

    private boolean isFromCpu(int processors) {
        return !missed.isEmpty() && cpu.isStarved(missed.nanos(), processors);
    }
}
