package dev.llmproxy.report;

import java.time.Duration;
import java.util.Locale;

/** Times as a person reads them. */
final class Units {
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000 * MICRO;
    private static final long SECOND = 1_000 * MILLI;

    private Units() {}

    static String time(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos < MILLI) {
            return nanos / MICRO + " us";
        }
        if (nanos < 10 * MILLI) {
            return String.format(Locale.ROOT, "%.1f ms", (double) nanos / MILLI);
        }
        if (nanos < 10 * SECOND) {
            return nanos < SECOND
                    ? nanos / MILLI + " ms"
                    : String.format(Locale.ROOT, "%.2f s", (double) nanos / SECOND);
        }
        return String.format(Locale.ROOT, "%.1f s", (double) nanos / SECOND);
    }
}
