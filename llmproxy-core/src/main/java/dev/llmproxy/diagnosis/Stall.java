package dev.llmproxy.diagnosis;

/**
 * What this process missed of a time, and what else is known of why.
 *
 * @param missed when it did not run
 * @param collections when the collection of garbage stopped it; part of what it missed
 * @param cpu what it had of the processors
 */
record Stall(Coverage missed, Coverage collections, CpuUse cpu) {
    static final Stall NONE = new Stall(Coverage.none(), Coverage.none(), CpuUse.UNKNOWN);

    private static final double MOST = 0.5;

    boolean isCollecting() {
        return !collections.isEmpty() && collections.nanos() >= MOST * missed.nanos();
    }

    boolean isThrottled() {
        return cpu.isThrottled(missed.nanos());
    }

    boolean isStarved(int processors) {
        return !missed.isEmpty() && cpu.isStarved(missed.nanos(), processors);
    }
}
