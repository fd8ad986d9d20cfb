package dev.llmproxy.limit;

import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Nanos;
import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The shared budgets of one place: lets calls wait for what is being drawn from them. Thread-safe. */
final class Draws {
    private static final long MOMENT = Duration.ofMillis(1).toNanos();

    private final @Nullable SharedBucket requests;
    private final @Nullable SharedBucket tokens;
    private final long patience;

    Draws(@Nullable SharedBucket requests, @Nullable SharedBucket tokens, SharedBudgets budgets) {
        this.requests = requests;
        this.tokens = tokens;
        this.patience = Nanos.of(budgets.patience());
    }

    /** Tries to take something. */
    interface Taking {
        /** Returns what there is too little of, or null where it was taken. */
        @Nullable
        Limit take(long now);
    }

    /** Takes once there is enough, for which a call waits no longer than the patience of the budgets. */
    @Nullable
    Limit take(CallContext call, Limiter limiter, long needed, Limit first, Taking taking)
            throws InterruptedIOException {
        long from = limiter.ticker().nanos();
        want(needed, 1, from);
        try {
            return take(call, limiter, first, from, taking);
        } finally {
            want(-needed, -1, from);
            tell();
        }
    }

    private @Nullable Limit take(CallContext call, Limiter limiter, Limit first, long from, Taking taking)
            throws InterruptedIOException {
        long until = from + patience;
        long now = from;
        for (Draw draw = underWay(first, now); ; ) {
            if (draw != null) {
                long wake = draw.isDecided() ? now + MOMENT : Math.min(until, draw.lateAt());
                call.awaitUntil(draw, () -> wake);
                now = limiter.ticker().nanos();
            }
            // What was asked for may have come before anybody could wait for it; then the other may be on its way.
            Limit shortage = taking.take(now);
            Draw next = shortage == null ? null : underWay(shortage, now);
            if (shortage == null || !isWorthwhile(draw, next, until - now)) {
                return shortage;
            }
            draw = next;
        }
    }

    // After one that was awaited and is over without another, it is looked once more: it may have been given up.
    private static boolean isWorthwhile(@Nullable Draw awaited, @Nullable Draw next, long left) {
        return next == null ? awaited != null : left > 0 || next.isDecided();
    }

    private @Nullable Draw underWay(Limit shortage, long now) {
        SharedBucket bucket = switch (shortage) {
            case CONCURRENCY -> null;
            case REQUESTS -> requests;
            case TOKENS -> tokens;
        };
        return bucket == null ? null : bucket.underWay(now);
    }

    // Of both at once: a call needs both.
    private void want(long neededTokens, long neededRequests, long now) {
        if (requests != null) {
            requests.want(neededRequests, now);
        }
        if (tokens != null) {
            tokens.want(neededTokens, now);
        }
    }

    /** Gives back what nobody here waits for, and owes what was used beyond what was drawn. */
    void level() {
        if (requests != null) {
            requests.level();
        }
        if (tokens != null) {
            tokens.level();
        }
    }

    /** Tells what went wrong meanwhile; called under no lock. */
    void tell() {
        if (requests != null) {
            requests.tell();
        }
        if (tokens != null) {
            tokens.tell();
        }
    }

    @Override
    public String toString() {
        return "requests " + requests + ", tokens " + tokens;
    }
}
