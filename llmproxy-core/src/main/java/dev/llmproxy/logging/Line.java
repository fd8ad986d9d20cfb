package dev.llmproxy.logging;

import dev.llmproxy.fault.OneLine;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A line of the log: a sentence for people, and its facts as key-values. A fact that is not known is left out. The sentence
 * is no pattern: braces in it stay braces.
 */
final class Line {
    private static final double NANOS_OF_MICRO = 1e3;
    private static final double MICROS_OF_MILLI = 1e3;
    private static final int LONGEST = 512;

    private LoggingEventBuilder to;

    private Line(LoggingEventBuilder to) {
        this.to = to;
    }

    static Line of(Logger logger, Level level) {
        return new Line(logger.atLevel(level));
    }

    Line with(Key key, String text) {
        if (!text.isEmpty()) {
            add(key, OneLine.of(text, LONGEST));
        }
        return this;
    }

    Line with(Key key, boolean value) {
        add(key, value);
        return this;
    }

    Line with(Key key, double value) {
        add(key, value);
        return this;
    }

    /** Adds a number of which -1 says that it is not known. */
    Line with(Key key, long number) {
        if (number >= 0) {
            add(key, number);
        }
        return this;
    }

    /** Adds a time in milliseconds; zero says that it is not known. */
    Line with(Key key, Duration time) {
        if (!time.isZero()) {
            add(key, Math.round(time.toNanos() / NANOS_OF_MICRO) / MICROS_OF_MILLI);
        }
        return this;
    }

    private void add(Key key, Object value) {
        to = to.addKeyValue(key.word(), value);
    }

    /** Writes the line. */
    void say(String sentence) {
        say(sentence, 2 * LONGEST);
    }

    /** Writes a line that may be longer than others. */
    void say(String sentence, int longest) {
        try {
            to.log(OneLine.of(sentence, longest));
        } catch (RuntimeException | LinkageError e) {
            // A log that cannot be written is no trouble of the call, and there is no other place to tell of it.
        }
    }

    static String time(Duration time) {
        long micros = time.toNanos() / (long) NANOS_OF_MICRO;
        if (micros < 10_000) {
            return String.format(Locale.ROOT, "%.1f ms", micros / MICROS_OF_MILLI);
        }
        return micros < 1_000_000
                ? Math.round(micros / MICROS_OF_MILLI) + " ms"
                : String.format(Locale.ROOT, "%.2f s", micros / 1e6);
    }
}
