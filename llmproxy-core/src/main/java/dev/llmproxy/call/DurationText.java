package dev.llmproxy.call;

import java.time.Duration;

/** Reads durations such as {@code 30s}, {@code 1500ms} and {@code 2m}. */
final class DurationText {
    private static final int MAX_DIGITS = 9;

    private DurationText() {}

    static Duration parse(String name, String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > MAX_DIGITS) {
            throw unclear(name, text);
        }
        long amount = Long.parseLong(text.substring(0, digits));
        Duration duration = switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> throw unclear(name, text);
        };
        if (duration.isZero()) {
            throw unclear(name, text);
        }
        return duration;
    }

    private static IllegalArgumentException unclear(String name, String text) {
        String shown = text.length() > 32 ? text.substring(0, 32) + "..." : text;
        return new IllegalArgumentException(
                name + ": " + shown + " (expected: a positive duration such as 30s, 1500ms or 2m)");
    }
}
