package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * One of the limits that a provider tells in the headers of its answers.
 *
 * @param name what is limited, as the headers name it, such as {@code input-tokens} or {@code req-minute};
 *     {@code requests} where they name nothing
 * @param unit what is counted
 * @param limit how much is allowed
 * @param remaining how much of it is left
 * @param reset when it is whole again, counted from the answer
 */
public record RateLimit(String name, Unit unit, OptionalLong limit, OptionalLong remaining, Optional<Duration> reset) {
    private static final String[] PREFIXES = {"anthropic-ratelimit-", "x-ratelimit-", "ratelimit-"};
    private static final List<String> ASPECTS = List.of("limit", "remaining", "reset");
    private static final List<String> NAMES = List.of(
            "requests",
            "tokens",
            "input-tokens",
            "output-tokens",
            "input-images",
            "req-minute",
            "req-10-second",
            "requests-minute",
            "requests-hour",
            "requests-day",
            "tokens-minute",
            "tokens-hour",
            "tokens-day",
            "tokens-month",
            "tokens-prompt",
            "tokens-generated");

    /** What a limit counts. New ones may come in minor releases. */
    public enum Unit {
        /** Calls. */
        REQUESTS,
        /** Tokens, of prompts, answers or both. */
        TOKENS,
        /** Something else, such as images. */
        OTHER
    }

    /**
     * Checks the parts.
     *
     * @param name what is limited
     * @param unit what is counted
     * @param limit how much is allowed
     * @param remaining how much of it is left
     * @param reset when it is whole again
     */
    public RateLimit {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(limit, "limit");
        Objects.requireNonNull(remaining, "remaining");
        Objects.requireNonNull(reset, "reset");
    }

    /**
     * Reads the limits of an answer: the headers of OpenAI and of those who follow it, of Anthropic, and of the IETF's
     * draft. Names that are not known are left out, and so is what cannot be read. Never throws.
     *
     * @param headers the answer's headers
     * @return the limits, by name
     */
    public static List<RateLimit> in(LlmHeaders headers) {
        if (!hasPrefix(headers)) {
            return List.of();
        }
        Map<String, String[]> found = new TreeMap<>();
        for (int i = 0; i < headers.size(); i++) {
            collect(headers.name(i).toLowerCase(Locale.ROOT), headers.value(i), found);
        }
        Optional<Instant> now = RetryAfter.serverTime(headers);
        List<RateLimit> limits = new ArrayList<>(found.size());
        found.forEach((key, values) -> limits.add(of(key.substring(0, key.indexOf(' ')), values, now)));
        return List.copyOf(limits);
    }

    private static boolean hasPrefix(LlmHeaders headers) {
        for (String prefix : PREFIXES) {
            if (headers.containsPrefix(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static void collect(String header, String value, Map<String, String[]> found) {
        for (String prefix : PREFIXES) {
            if (header.startsWith(prefix)) {
                String rest = header.substring(prefix.length());
                for (int aspect = 0; aspect < ASPECTS.size(); aspect++) {
                    String name = nameIn(rest, ASPECTS.get(aspect));
                    if (NAMES.contains(name)) {
                        // A gateway and the provider behind it may both count requests.
                        found.computeIfAbsent(name + ' ' + prefix, key -> new String[] {"", "", ""})[aspect] = value;
                    }
                }
                return;
            }
        }
    }

    // OpenAI has the aspect in front, Anthropic behind; some name no more than that.
    private static String nameIn(String rest, String aspect) {
        if (rest.equals(aspect)) {
            return "requests";
        }
        if (rest.startsWith(aspect + '-')) {
            return rest.substring(aspect.length() + 1);
        }
        return rest.endsWith('-' + aspect) ? rest.substring(0, rest.length() - aspect.length() - 1) : "";
    }

    private static RateLimit of(String name, String[] values, Optional<Instant> now) {
        Unit unit = name.contains("token") ? Unit.TOKENS : name.startsWith("req") ? Unit.REQUESTS : Unit.OTHER;
        return new RateLimit(name, unit, number(values[0]), number(values[1]), WaitText.of(values[2], now));
    }

    // The draft adds more behind the number: 100;w=60
    private static OptionalLong number(String text) {
        String digits = text.strip();
        int end = 0;
        while (end < digits.length() && digits.charAt(end) >= '0' && digits.charAt(end) <= '9') {
            end++;
        }
        return end == 0 || end > 18 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits, 0, end, 10));
    }

    /**
     * Says whether nothing is left of it.
     *
     * @return whether the provider says that nothing remains
     */
    public boolean isUsedUp() {
        return remaining.isPresent() && remaining.getAsLong() == 0;
    }
}
