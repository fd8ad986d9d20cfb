package dev.llmproxy.limit;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.Priority;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.chain.Held;
import dev.llmproxy.chain.Nanos;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one place and what is left of them. Who fits in takes what it needs without a lock, as long as nobody
 * waits; the rest is refused or waits in the {@link Waiting} room. Thread-safe.
 */
final class Limiter implements Held {
    private static final double SMOOTHING = 0.1;
    // More than any answer needs: a provider may tell anything.
    private static final long MOST_TOKENS = 1_000_000_000_000L;

    private final String place;
    private final Limits limits;
    private final Ticker ticker;
    private final Permits permits;
    private final @Nullable RateBucket requests;
    private final @Nullable RateBucket tokens;
    private final @Nullable Draws draws;
    private final @Nullable ToldLimits told;
    private final Models models = new Models();
    private final Waiting waiting;
    private final LongAdder refused = new LongAdder();
    // How long a call keeps its permit, and how many tokens the last one needed. A lost update costs nothing.
    private double heldNanos;
    private long lastNeeded;

    /** Constructs the limits of a place; what a provider counts for each of several keys says nothing of all of them. */
    Limiter(String place, Limits limits, Ticker ticker, boolean hasSeveralKeys, LimitStage.Conditions conditions) {
        this.place = place;
        this.limits = limits;
        this.ticker = ticker;
        this.permits = Permits.of(limits);
        this.waiting = new Waiting(this, limits);
        SharedBucket sharedRequests = shared(Limit.REQUESTS, limits.requests(), conditions);
        SharedBucket sharedTokens = shared(Limit.TOKENS, limits.tokens(), conditions);
        this.requests = bucket(sharedRequests, limits.requests());
        this.tokens = bucket(sharedTokens, limits.tokens());
        SharedBudgets budgets = limits.shared();
        this.draws = budgets == null ? null : new Draws(sharedRequests, sharedTokens, budgets);
        this.told = hasSeveralKeys || (requests == null && tokens == null) ? null : new ToldLimits(requests, tokens);
    }

    private @Nullable SharedBucket shared(Limit unit, long perMinute, LimitStage.Conditions conditions) {
        SharedBudgets shared = limits.shared();
        return shared == null || perMinute == 0
                ? null
                : new SharedBucket(shared, place, unit, perMinute, ticker, conditions, waiting::serve);
    }

    private @Nullable RateBucket bucket(@Nullable SharedBucket shared, long perMinute) {
        return shared == null && perMinute > 0 ? new RateBucket(perMinute, ticker.nanos()) : shared;
    }

    /**
     * Takes what a call needs, at once or after a wait.
     *
     * @return how many tokens were set aside, to be given to {@link #release} or {@link #failed}
     * @throws IOException if there is not enough, or the call was ended meanwhile
     */
    long acquire(CallContext call, LlmRequest request) throws IOException {
        long needed = tokens == null ? 0 : needed(call, request);
        Priority priority = call.options().priority();
        if (waiting.isEmpty()) {
            Limit shortage = take(needed, priority, isTimed() ? now(call) : 0);
            if (shortage != null && draws != null && shortage != Limit.CONCURRENCY) {
                shortage = takeDrawn(draws, call, needed, shortage);
            }
            return shortage == null ? needed : waiting.enter(call, needed, shortage);
        }
        return waiting.enter(call, needed, null);
    }

    // Of what is longer than a minute's tokens most is none: a picture, a file. Providers refuse such a call anyway.
    private long needed(CallContext call, LlmRequest request) {
        long estimate = models.of(call.info()).needed(request, call.info().facts());
        long needed = Math.min(estimate, limits.tokens());
        if (lastNeeded != needed) {
            lastNeeded = needed;
        }
        return needed;
    }

    private boolean isTimed() {
        return requests != null || tokens != null;
    }

    // Whoever has chosen the place has just read the clock for this call.
    private long now(CallContext call) {
        return call.deployment().isEmpty() ? ticker.nanos() : call.choice().decidedAt();
    }

    private @Nullable Limit takeDrawn(Draws from, CallContext call, long needed, Limit shortage) throws IOException {
        long began = ticker.nanos();
        Priority priority = call.options().priority();
        try {
            return from.take(
                    call, this, needed, shortage, now -> waiting.isEmpty() ? take(needed, priority, now) : shortage);
        } catch (InterruptedIOException e) {
            throw call.raise(LimitFaults.ended(call, ticker.nanos() - began), e);
        }
    }

    /** Takes what is needed, or says what there is too little of. */
    @Nullable
    Limit take(long needed, Priority priority, long now) {
        if (!permits.tryTake(priority)) {
            return Limit.CONCURRENCY;
        }
        if (requests != null && !requests.tryTake(1, now)) {
            permits.give();
            return Limit.REQUESTS;
        }
        if (tokens != null && !tokens.tryTake(needed, now)) {
            if (requests != null) {
                requests.settle(-1, now);
            }
            permits.give();
            return Limit.TOKENS;
        }
        return null;
    }

    /** Gives back what was taken for a call that has not been sent. */
    void undo(long needed) {
        long now = ticker.nanos();
        if (requests != null) {
            requests.settle(-1, now);
        }
        if (tokens != null) {
            tokens.settle(-needed, now);
        }
        given();
    }

    @Override
    public void release(CallInfo call, long needed, @Nullable Attempt attempt) {
        try {
            if (attempt != null && attempt.reached(Phase.END)) {
                learn(call, needed, attempt);
            }
        } finally {
            given();
        }
    }

    private void given() {
        permits.give();
        waiting.serve();
        tidy();
    }

    // Where calls wait, what is here is theirs.
    private void tidy() {
        if (draws != null) {
            draws.tell();
            if (waiting.isEmpty()) {
                draws.level();
            }
        }
    }

    private void learn(CallInfo call, long needed, Attempt attempt) {
        long now = attempt.markedAt(Phase.END);
        long held = now - attempt.startedAt();
        double known = heldNanos;
        AdaptiveLimit adaptive = permits.adaptive();
        if (adaptive != null) {
            adaptive.ended(held);
        }
        heldNanos = known == 0 ? (double) held : known + SMOOTHING * (held - known);
        if (requests != null) {
            requests.accepted(now);
        }
        if (tokens != null) {
            settle(tokens, models.of(call), needed, attempt, now);
        }
    }

    // What an answer does not tell, or was not read to its end, stays as it was estimated.
    private static void settle(RateBucket tokens, ModelUse model, long needed, Attempt attempt, long now) {
        AnswerInfo answer = attempt.answer();
        if (answer.inputTokens() >= 0 && answer.outputTokens() >= 0) {
            model.learn(attempt.sending().bytes(), answer.inputTokens(), answer.outputTokens());
            long used = Math.min(MOST_TOKENS, answer.inputTokens()) + Math.min(MOST_TOKENS, answer.outputTokens());
            tokens.settle(used - needed, now);
        }
        tokens.accepted(now);
    }

    /** An answer has begun: its headers tell the provider's own limits, and its delay whether calls wait there. */
    void answered(CallInfo call, LlmHeaders headers, Attempt attempt) {
        if (told != null) {
            told.learn(headers, attempt.markedAt(Phase.FIRST_BYTE));
        }
        AdaptiveLimit adaptive = permits.adaptive();
        if (adaptive != null) {
            Phase first = attempt.reached(Phase.FIRST_TOKEN) ? Phase.FIRST_TOKEN : Phase.FIRST_BYTE;
            long delay = attempt.nanosBetween(attempt.reached(Phase.SEND) ? Phase.SEND : Phase.QUEUE, first);
            Pace pace = models.of(call).pace(call.facts().streaming());
            adaptive.answered(pace, delay, permits.running(), attempt.markedAt(first));
            // It may have found that there is room for more.
            waiting.serve();
        }
    }

    /** A call got no answer. */
    void failed(CallContext call, long needed, @Nullable Fault fault, boolean wasSent) {
        long now = ticker.nanos();
        if (!wasSent && requests != null) {
            requests.settle(-1, now);
        }
        if (tokens != null && (!wasSent || (fault != null && !fault.mayHaveBilled()))) {
            tokens.settle(-needed, now);
        }
        if (fault != null && wasSent) {
            learn(fault, call.choice().offers(Alternative.KEY), now);
        }
        given();
    }

    private void learn(Fault fault, boolean hasOtherKey, long now) {
        switch (fault.cause()) {
            case CONCURRENCY_LIMIT, PROVIDER_OVERLOADED, RATE_LIMIT_BURST, PROVIDER_HUNG, PROVIDER_SLOW -> {
                AdaptiveLimit adaptive = permits.adaptive();
                if (adaptive != null) {
                    adaptive.overloaded();
                }
            }
            case RATE_LIMIT_REQUESTS -> limited(requests, fault, hasOtherKey, now);
            case RATE_LIMIT_TOKENS -> limited(tokens, fault, hasOtherKey, now);
            default -> {}
        }
    }

    private static void limited(@Nullable RateBucket bucket, Fault fault, boolean hasOtherKey, long now) {
        if (bucket == null || hasOtherKey) {
            return;
        }
        bucket.refused(now);
        fault.retryAfter().ifPresent(wait -> bucket.block(Nanos.of(wait), now));
    }

    /** Returns after how long a call can be sent when those ahead of it were; 0 where nobody knows. */
    long expectedNanos(int ahead, long tokensAhead, long needed, long now) {
        long expected = 0;
        if (permits.running() + ahead >= permits.most()) {
            expected = (long) (heldNanos * (ahead + 1) / permits.most());
        }
        if (requests != null) {
            expected = Math.max(expected, requests.nanosUntil(ahead, 1, now));
        }
        if (tokens != null) {
            expected = Math.max(expected, tokens.nanosUntil(tokensAhead, needed, now));
        }
        return expected;
    }

    void refused() {
        refused.increment();
        tidy();
    }

    String place() {
        return place;
    }

    Limits limits() {
        return limits;
    }

    Ticker ticker() {
        return ticker;
    }

    Permits permits() {
        return permits;
    }

    /** Returns how much is left of what is scarcest: from 0, where a call like the last one does not fit, to 1. */
    double headroom(long now) {
        if (!waiting.isEmpty()) {
            return 0;
        }
        double left = permits.isLimited() ? 1 - (double) permits.running() / permits.most() : 1;
        left = requests == null ? left : Math.min(left, requests.left(1, now));
        left = tokens == null ? left : Math.min(left, tokens.left(lastNeeded, now));
        return Math.max(0, left);
    }

    boolean isIdle() {
        return permits.running() == 0 && waiting.isEmpty();
    }

    Limits.Use use() {
        int most = permits.isLimited() ? permits.most() : 0;
        return new Limits.Use(place, permits.running(), most, waiting.size(), refused.sum());
    }

    @Override
    public String toString() {
        return place + ": " + permits + ", " + waiting;
    }
}
