package dev.llmproxy.retry;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.dialect.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which places have little left of what they allow, as the headers of their last answers say. Who needs no more than the
 * first attempt is to get that. Thread-safe.
 */
final class Headroom {
    private static final int MOST_PLACES = 1_000;
    private static final double LITTLE = 0.2;
    private static final Duration UNTIL_TOLD = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    // Only those that have little left, and until when that is believed.
    private final Map<String, Long> shortUntil = new ConcurrentHashMap<>();

    /** Learns from the headers of an answer; those without limits say nothing. */
    void learn(String place, LlmHeaders headers, long now) {
        List<RateLimit> limits = RateLimit.in(headers);
        Duration longest = Duration.ZERO;
        for (RateLimit limit : limits) {
            Duration reset = isLow(limit) ? limit.reset().orElse(UNTIL_TOLD) : Duration.ZERO;
            longest = reset.compareTo(longest) > 0 ? reset : longest;
        }
        if (!longest.isZero()) {
            put(place, now + (longest.compareTo(LONGEST) > 0 ? LONGEST : longest).toNanos(), now);
        } else if (!limits.isEmpty() && !shortUntil.isEmpty()) {
            shortUntil.remove(place);
        }
    }

    private static boolean isLow(RateLimit limit) {
        if (limit.unit() == RateLimit.Unit.OTHER || limit.remaining().isEmpty()) {
            return false;
        }
        // A limit of zero is one that is not told.
        return limit.limit().isPresent()
                ? limit.remaining().getAsLong() < LITTLE * limit.limit().getAsLong()
                : limit.isUsedUp();
    }

    private void put(String place, long until, long now) {
        if (shortUntil.size() >= MOST_PLACES) {
            shortUntil.values().removeIf(end -> end - now <= 0);
        }
        if (shortUntil.size() < MOST_PLACES || shortUntil.containsKey(place)) {
            shortUntil.put(place, until);
        }
    }

    /** Says whether more than the first attempts may go to a place. */
    boolean isThere(String place, long now) {
        Long until = shortUntil.get(place);
        return until == null || until - now <= 0;
    }
}
