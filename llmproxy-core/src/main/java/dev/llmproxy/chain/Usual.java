package dev.llmproxy.chain;

/**
 * How long answers like one that failed usually take: at the same place, of the same model, streamed or not. All times
 * are nanoseconds, 0 where nothing is known.
 *
 * @param samples how many answers were measured
 * @param cutShort how many attempts in the same time were ended by a budget, and are not among the samples
 * @param firstMedian the median time from the sent request to the first token of a stream, or to a plain answer
 * @param firstLate what 95 of 100 of these times stay below
 * @param firstHigh what 99 of 100 of these times stay below
 * @param firstLately the mean of the last few of them
 * @param gapHigh what the longest pause within an answer stays below in 99 of 100 answers
 * @param perToken the median time for one token of a stream
 * @param firstAdvised a budget for the first token or byte that fits
 * @param gapAdvised a budget for a pause that fits
 * @param wholeAdvised a budget for the whole attempt that fits
 */
public record Usual(
        long samples,
        long cutShort,
        long firstMedian,
        long firstLate,
        long firstHigh,
        long firstLately,
        long gapHigh,
        long perToken,
        long firstAdvised,
        long gapAdvised,
        long wholeAdvised) {
    private static final long ENOUGH = 20;
    private static final Usual UNKNOWN = new Usual(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /**
     * Returns what is known where nothing is.
     *
     * @return no samples
     */
    public static Usual unknown() {
        return UNKNOWN;
    }

    /**
     * Says whether a budget for the first token or byte ends calls that nothing is wrong with. Those that it has ended are
     * not among the samples, so one that is used up often and lies just above them is too short as well.
     *
     * @param budget nanoseconds
     * @return whether it is known to be too short
     */
    public boolean isTooShort(long budget) {
        boolean isUsedUpOften = cutShort * 100 > samples;
        return isKnown() && (budget < firstHigh || (isUsedUpOften && budget < firstHigh + firstHigh / 4));
    }

    /**
     * Returns a budget that is to replace one that is too short.
     *
     * @param budget nanoseconds
     * @return a multiple of it, the larger the more answers it has ended, or what is advised where that is more
     */
    public long firstInPlaceOf(long budget) {
        return Math.max(firstAdvised, cutShort * 20 > samples ? 4 * budget : 2 * budget);
    }

    /**
     * Says whether there are enough samples to compare with.
     *
     * @return whether there are at least 20
     */
    public boolean isKnown() {
        return samples >= ENOUGH;
    }
}
