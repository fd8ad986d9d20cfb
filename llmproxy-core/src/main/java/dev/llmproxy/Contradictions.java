package dev.llmproxy;

import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Route;
import dev.llmproxy.route.Routes;
import dev.llmproxy.timeout.Timeouts;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Settings that are sound by themselves and not together: each is refused with both. */
final class Contradictions {
    private Contradictions() {}

    static void check(LlmProxy.Builder builder) {
        checkHedging(builder.retry, builder.timeouts, builder.integrity);
        checkCache(builder.cache, builder.integrity);
        checkFallbacks(builder.routes, builder.retry);
    }

    private static void checkHedging(@Nullable Retry retry, Timeouts timeouts, Integrity integrity) {
        if (retry == null || !retry.isHedging()) {
            return;
        }
        if (!timeouts.isLearning()) {
            throw new IllegalArgumentException("retry: " + retry + " with timeouts: " + timeouts
                    + " (expected: timeouts that learn, for what is late is learned by them)");
        }
        if (!integrity.isStrict()) {
            throw new IllegalArgumentException("retry: " + retry + " with integrity that holds nothing back"
                    + " (expected: Integrity.strict(), for a first token is waited for by it)");
        }
    }

    private static void checkCache(@Nullable ResponseCache cache, Integrity integrity) {
        if (cache != null && !integrity.isOn()) {
            throw new IllegalArgumentException("cache: " + cache + " with integrity that is off (expected:"
                    + " Integrity.strict() or observe(), for nothing else says whether an answer is whole)");
        }
    }

    // Only the stage that repeats sends anything again.
    private static void checkFallbacks(List<Route> routes, @Nullable Retry retry) {
        Optional<Route> route = new Routes(routes).withFallback();
        if (route.isPresent() && (retry == null || !retry.isRepeating())) {
            throw new IllegalArgumentException("route: " + route.get() + " with retry: "
                    + (retry == null ? "none" : retry)
                    + " (expected: at least Retry.attempts(2), for a fallback is a"
                    + " second attempt)");
        }
    }
}
