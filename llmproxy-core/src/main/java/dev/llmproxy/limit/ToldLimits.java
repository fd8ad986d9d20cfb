package dev.llmproxy.limit;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.chain.Nanos;
import dev.llmproxy.dialect.RateLimit;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of answers say of the provider's own limits: the lower of two limits holds, and never more is taken
 * than is left there. Read a few times a second, and each time that little is left. Thread-safe.
 */
final class ToldLimits {
    // Those of one minute, of all requests or tokens. Others matter only once nothing is left of them.
    private static final Set<String> OF_A_MINUTE =
            Set.of("requests", "req-minute", "requests-minute", "tokens", "tokens-minute");
    private static final long UNTIL_TOLD = Duration.ofSeconds(5).toNanos();
    private static final long BETWEEN = Duration.ofMillis(100).toNanos();
    private static final double LITTLE = 0.25;

    private final @Nullable RateBucket requests;
    private final @Nullable RateBucket tokens;
    private volatile long readAt = Long.MIN_VALUE;

    ToldLimits(@Nullable RateBucket requests, @Nullable RateBucket tokens) {
        this.requests = requests;
        this.tokens = tokens;
    }

    void learn(LlmHeaders headers, long now) {
        if (readAt != Long.MIN_VALUE && now - readAt < BETWEEN && !isShort(requests, now) && !isShort(tokens, now)) {
            return;
        }
        readAt = now;
        for (RateLimit limit : RateLimit.in(headers)) {
            RateBucket bucket = bucketOf(limit);
            if (bucket != null) {
                learn(bucket, limit, now);
            }
        }
    }

    private static boolean isShort(@Nullable RateBucket bucket, long now) {
        return bucket != null && bucket.left(0, now) < LITTLE;
    }

    private @Nullable RateBucket bucketOf(RateLimit limit) {
        return switch (limit.unit()) {
            case REQUESTS -> requests;
            case TOKENS -> tokens;
            case OTHER -> null;
        };
    }

    private static void learn(RateBucket bucket, RateLimit limit, long now) {
        // A limit of nothing is one that is not told.
        if (limit.limit().isPresent() && limit.limit().getAsLong() <= 0) {
            return;
        }
        if (limit.isUsedUp()) {
            bucket.block(limit.reset().map(Nanos::of).orElse(UNTIL_TOLD), now);
        } else if (OF_A_MINUTE.contains(limit.name())) {
            limit.limit().ifPresent(most -> bucket.limitedTo(most, now));
            limit.remaining().ifPresent(left -> bucket.leaveAtMost(left, now));
        }
    }

    @Override
    public String toString() {
        return "told of " + requests + ", " + tokens;
    }
}
