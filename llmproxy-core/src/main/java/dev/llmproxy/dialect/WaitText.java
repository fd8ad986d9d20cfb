package dev.llmproxy.dialect;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads how long to wait, in all the ways in which servers write it: seconds ({@code 2}, {@code 1.5}), a Go duration
 * ({@code 1m30.5s}, {@code 12ms}), seconds or milliseconds since 1970, RFC 3339 and the date of HTTP. What cannot be
 * meant, as a negative number or centuries, is nothing.
 */
final class WaitText {
    static final Duration LONGEST = Duration.ofDays(366);

    private static final double LONGEST_SECONDS = LONGEST.toSeconds();
    private static final double FIRST_EPOCH_SECONDS = 1e9; // 2001; as a wait it would be 31 years
    private static final double FIRST_EPOCH_MILLIS = 1e12;
    private static final String[] INTRODUCTIONS = {
        "try again in ", "retry in ", "retry after ", "again after ", "reset after ", "reset in ", "resets in ", "wait "
    };
    private static final String STOPS = ".,;)]\"'";
    private static final int LONGEST_NUMBER = 24;

    private WaitText() {}

    /**
     * Reads a header's value.
     *
     * @param now the server's time, without which a point in time says nothing
     */
    static Optional<Duration> of(String value, Optional<Instant> now) {
        String text = value.strip();
        double seconds = seconds(text);
        if (seconds >= FIRST_EPOCH_SECONDS) {
            Instant then = Instant.ofEpochMilli((long) (seconds >= FIRST_EPOCH_MILLIS ? seconds : seconds * 1e3));
            return now.flatMap(server -> between(server, then));
        }
        if (seconds >= 0) {
            return ofSeconds(seconds);
        }
        return now.flatMap(server -> instant(text).flatMap(then -> between(server, then)));
    }

    /** Finds the wait that a message for humans names, such as {@code Please try again in 1.574s.} */
    static Optional<Duration> in(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        for (String introduction : INTRODUCTIONS) {
            int start = text.indexOf(introduction);
            Optional<Duration> wait = start < 0 ? Optional.empty() : ofWords(text, start + introduction.length());
            if (wait.isPresent()) {
                return wait;
            }
        }
        return Optional.empty();
    }

    private static Optional<Duration> ofWords(String text, int start) {
        int end = endOfWord(text, start);
        double number = seconds(withoutStop(text.substring(start, end)));
        double unit = end < text.length() ? unitOfWord(text.substring(end + 1, endOfWord(text, end + 1))) : 1;
        return number < 0 || number >= FIRST_EPOCH_SECONDS ? Optional.empty() : ofSeconds(number * unit);
    }

    private static int endOfWord(String text, int start) {
        int end = text.indexOf(' ', start);
        return end < 0 ? text.length() : end;
    }

    private static String withoutStop(String word) {
        int end = word.length();
        while (end > 0 && STOPS.indexOf(word.charAt(end - 1)) >= 0) {
            end--;
        }
        return word.substring(0, end);
    }

    private static double unitOfWord(String word) {
        if (word.startsWith("minute")) {
            return 60;
        }
        if (word.startsWith("hour")) {
            return 3_600;
        }
        if (word.startsWith("day")) {
            return 86_400;
        }
        return word.startsWith("ms") || word.startsWith("millisecond") ? 1e-3 : 1;
    }

    private static Optional<Duration> ofSeconds(double seconds) {
        return seconds <= LONGEST_SECONDS ? Optional.of(Duration.ofNanos(Math.round(seconds * 1e9))) : Optional.empty();
    }

    private static Optional<Duration> between(Instant from, Instant to) {
        Duration wait = Duration.between(from, to);
        return wait.isNegative() ? Optional.of(Duration.ZERO) : ofSeconds(wait.toSeconds() + wait.toNanosPart() / 1e9);
    }

    /** Reads an instant as RFC 3339 or HTTP writes it. */
    static Optional<Instant> instant(String text) {
        boolean http = !text.isEmpty() && Character.isLetter(text.charAt(0));
        try {
            return Optional.of(
                    http
                            ? ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant()
                            : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    // One number alone is seconds; otherwise each has a unit. Below zero for anything else.
    private static double seconds(String text) {
        double total = 0;
        int i = 0;
        while (i < text.length()) {
            int unitAt = endOfNumber(text, i);
            int next = endOfLetters(text, unitAt);
            double unit = unit(text.substring(unitAt, next), i == 0 && next == text.length());
            if (unitAt == i || unit < 0) {
                return -1;
            }
            total += number(text.substring(i, unitAt)) * unit;
            i = next;
        }
        return text.isEmpty() ? -1 : total;
    }

    private static int endOfNumber(String text, int start) {
        int i = start;
        while (i < text.length() && i - start < LONGEST_NUMBER && "0123456789.".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    private static int endOfLetters(String text, int start) {
        int i = start;
        while (i < text.length() && Character.isLetter(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static double unit(String letters, boolean alone) {
        return switch (letters) {
            case "" -> alone ? 1 : -1;
            case "h" -> 3_600;
            case "m" -> 60;
            case "s" -> 1;
            case "ms" -> 1e-3;
            case "us", "µs", "μs" -> 1e-6;
            case "ns" -> 1e-9;
            default -> -1;
        };
    }

    private static double number(String digits) {
        try {
            return Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            return Double.NaN; // two points; no comparison with it is true
        }
    }
}
