package dev.llmproxy.diagnosis;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Whose time a wait was: would it have met its limit if this process had run all the time?
 *
 * @param matter whether what this process missed explains the failure
 * @param confidence how sure that is
 * @param missedNanos how much of the wait this process has missed
 * @param lateNanos by how much the limit fired late because of that
 * @param ranNanos for how long this process ran again before the wait was cut
 */
record Attribution(Matter matter, double confidence, long missedNanos, long lateNanos, long ranNanos) {
    /** What the pauses of this process have to do with a failure. */
    enum Matter {
        /** There were none that could be noticed. */
        NONE,
        /** There were some, and it would have failed without them as well. */
        WITHOUT_EFFECT,
        /** It would not have failed without them, as far as can be told. */
        DECISIVE,
        /**
         * None that explain it, and threads were so short of processors that what had come was not read in time. Timers are
         * punctual even then: they have nothing to do until they are woken, and get a processor at once.
         */
        CROWDED_OUT
    }

    static final double MIXED = 0.6;

    private static final long NOTICEABLE_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LATE_NANOS = Duration.ofMillis(200).toNanos();
    private static final int LATE_PART = 5;
    // Lateness of which a pause explains less has other reasons, such as a second address that was tried.
    private static final int EXPLAINED_PART = 4;
    private static final double LARGE_PART = 0.3;
    private static final double MOST = 0.5;
    private static final double SURE = 0.9;
    private static final double LIKELY = 0.8;
    // Within three beats of the pulse whatever came is read.
    private static final long READ_NANOS = 3 * Pulse.PERIOD_NANOS;

    /**
     * Judges a wait.
     *
     * @param wait the wait
     * @param missed when this process did not run
     * @param pausedNanos how much of the wait was missed at least, if that is known from elsewhere
     * @param isStarved whether threads were short of processors: they run now and then, and still get to nothing
     * @param isMachineUp whether only this process missed it: then the machine took what came meanwhile
     * @param unread how much had come and lay unread when the wait was cut, where that is known
     */
    static Attribution of(
            Wait wait, Coverage missed, long pausedNanos, boolean isStarved, boolean isMachineUp, OptionalLong unread) {
        long waited = wait.time().nanos();
        long missedNanos = Math.max(missed.nanos(), Math.min(waited, pausedNanos));
        boolean isLate = isLate(wait, missedNanos, isStarved);
        boolean isCrowdedOut = isStarved && unread.orElse(0) > 0;
        if (missedNanos < NOTICEABLE_NANOS && !isLate) {
            return isCrowdedOut
                    ? new Attribution(Matter.CROWDED_OUT, LIKELY, missedNanos, 0, waited)
                    : new Attribution(Matter.NONE, 1, missedNanos, 0, waited);
        }
        long ran = missed.isEmpty() ? 0 : missed.freeBefore(wait.time().to());
        long late = isLate ? wait.overNanos() : 0;
        // A limit that fires late shows that nothing ran when it was due, whatever else was seen.
        Span lateness = new Span(wait.time().to() - late, wait.time().to());
        long free = waited
                - Math.max(
                        missedNanos, missed.plus(Coverage.of(List.of(lateness))).nanos());
        boolean hasNothingCome = unread.isPresent() && unread.getAsLong() == 0;
        boolean hasRead = ran >= READ_NANOS && !isStarved;
        // Short of processors, a limit fires late without a pause that is seen.
        boolean isTooLongAnyhow = wait.limitNanos() > 0 && free >= wait.limitNanos() && !(isLate && isStarved);
        double confidence = hasRead || isTooLongAnyhow || (hasNothingCome && isMachineUp)
                ? 0
                : confidence(wait, free, isLate, (double) missedNanos / waited);
        if (hasNothingCome) {
            confidence = Math.min(confidence, MIXED);
        }
        Matter pauses = confidence > 0 ? Matter.DECISIVE : isCrowdedOut ? Matter.CROWDED_OUT : Matter.WITHOUT_EFFECT;
        return new Attribution(pauses, confidence == 0 ? LIKELY : confidence, missedNanos, late, ran);
    }

    private static boolean isLate(Wait wait, long missedNanos, boolean isStarved) {
        long over = wait.overNanos();
        boolean isExplained = isStarved || missedNanos >= Math.max(NOTICEABLE_NANOS, over / EXPLAINED_PART);
        return isExplained && over >= Math.max(LATE_NANOS, wait.limitNanos() / LATE_PART);
    }

    private static double confidence(Wait wait, long free, boolean isLate, double part) {
        if (!isLate && part < LARGE_PART) {
            return 0;
        }
        if (wait.usuallyNanos() == 0) {
            return isLate ? SURE : part < MOST ? 0 : LIKELY;
        }
        if (free < wait.usuallyNanos()) {
            return isLate ? SURE : LIKELY;
        }
        return isLate || part >= MOST ? MIXED : 0;
    }

    boolean isDecisive() {
        return matter == Matter.DECISIVE || isCrowdedOut();
    }

    boolean isCrowdedOut() {
        return matter == Matter.CROWDED_OUT;
    }
}
