package dev.llmproxy.chain;

import java.time.Duration;
import java.util.Locale;

/** Durations as numbers, and as a person reads them. */
public final class Nanos {
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final double PER_SECOND = 1e9;

    private Nanos() {}

    /**
     * Returns a duration as a number, however long a provider wants to be left alone.
     *
     * @param duration the duration
     * @return nanoseconds, of a hundred years at the most
     */
    public static long of(Duration duration) {
        return duration.compareTo(LONGEST) < 0 ? duration.toNanos() : LONGEST.toNanos();
    }

    /**
     * Returns a duration as a person reads it.
     *
     * @param nanos nanoseconds
     * @return milliseconds, seconds or minutes with their unit
     */
    public static String text(long nanos) {
        double seconds = nanos / PER_SECOND;
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.0f ms", seconds * 1_000);
        }
        return seconds < 120
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : String.format(Locale.ROOT, "%.1f min", seconds / 60);
    }
}
