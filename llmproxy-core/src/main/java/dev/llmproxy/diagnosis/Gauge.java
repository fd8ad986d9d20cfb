package dev.llmproxy.diagnosis;

/**
 * How much of something is in use. What is unknown is negative.
 *
 * @param used how much is
 * @param max how much there is
 */
record Gauge(long used, long max) {
    static final Gauge UNKNOWN = new Gauge(Machine.UNKNOWN, Machine.UNKNOWN);

    private static final double NEARLY_ALL = 0.9;

    boolean isKnown() {
        return used >= 0 && max > 0;
    }

    boolean isNearlyUsedUp() {
        return isKnown() && used > NEARLY_ALL * max;
    }

    /** Returns the part that is in use, or a negative number. */
    double part() {
        return isKnown() ? (double) used / max : Machine.UNKNOWN;
    }

    @Override
    public String toString() {
        return isKnown() ? Numbers.grouped(used) + " of " + Numbers.grouped(max) : "unknown";
    }
}
