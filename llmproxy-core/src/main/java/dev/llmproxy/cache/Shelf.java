package dev.llmproxy.cache;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.AnswerTap;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.LlmEvent;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Puts answers where they are found again, unless something speaks against it. Thread-safe. */
final class Shelf {
    private static final double JITTER = 0.1;

    private final ResponseCache cache;
    private final Tiers tiers;
    private final Tally tally;
    private final RandomGenerator random;
    private final Consumer<LlmEvent> listener;

    Shelf(ResponseCache cache, Tiers tiers, Tally tally, RandomGenerator random, Consumer<LlmEvent> listener) {
        this.cache = cache;
        this.tiers = tiers;
        this.tally = tally;
        this.random = random;
        this.listener = listener;
    }

    /** Returns who records an answer; null where it is none that may be stored. */
    @Nullable
    AnswerTap recording(CacheKey key, CallContext as, LlmRequest request, LlmResponse answer) {
        List<Attempt> attempts = as.attempts();
        if (attempts.isEmpty() || !answer.isSuccessful()) {
            return null;
        }
        Attempt attempt = attempts.get(attempts.size() - 1);
        String refusal = Admission.refusal(request, attempt, answer.code(), answer.headers());
        if (refusal != null) {
            refused(as, refusal);
            return null;
        }
        LlmHeaders headers = ReplayedHeaders.of(answer.headers());
        if (ReplayedHeaders.areTooLong(headers)) {
            refused(as, "its headers are too long");
            return null;
        }
        return new Offer(
                cache.maxEntryBytes(),
                body -> store(key, as, attempt, answer.code(), headers, body),
                why -> refused(as, why));
    }

    private void store(CacheKey key, CallContext as, Attempt attempt, int status, LlmHeaders headers, ByteString body) {
        if (Admission.isCutBehindItsEnd(headers, body)) {
            refused(as, "its last event is not closed");
            return;
        }
        long now = tiers.now();
        Duration fresh = Duration.ofMillis(spread(cache.expireAfter().toMillis()));
        NewAnswer answer = new NewAnswer(
                status, headers, body.toByteArray(), now, now + fresh.toMillis(), tokens(attempt.answer()));
        tiers.put(key, answer, now);
        tally.stored.increment();
        listener.accept(new LlmEvent.CacheOffered(as.info(), "", body.size(), fresh));
    }

    // Whole answers that were fetched together do not run out together.
    private long spread(long millis) {
        return (long) (millis * (1 - JITTER + 2 * JITTER * random.nextDouble()));
    }

    private static int tokens(AnswerInfo info) {
        long sum = Math.max(0, info.inputTokens()) + Math.max(0, info.outputTokens());
        return (int) Math.min(Integer.MAX_VALUE, Math.max(sum, info.totalTokens()));
    }

    private void refused(CallContext as, String why) {
        tally.refused.increment();
        listener.accept(new LlmEvent.CacheOffered(as.info(), why, 0, Duration.ZERO));
    }

    @Override
    public String toString() {
        return "shelf of " + tiers;
    }
}
