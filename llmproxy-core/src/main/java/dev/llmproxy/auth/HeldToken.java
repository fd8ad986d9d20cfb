package dev.llmproxy.auth;

import dev.llmproxy.call.Secret;
import dev.llmproxy.chain.Ticker;
import java.time.Duration;

/** A token that is in use, and when it is to be renewed. Thread-safe. */
final class HeldToken {
    // Fractions for tokens of minutes, moments for tokens of hours.
    private static final Duration RENEWED_BEFORE_END = Duration.ofMinutes(5);
    private static final Duration OVER_BEFORE_END = Duration.ofSeconds(30);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

    private final Secret secret;
    private final long overAt;
    private volatile long renewAt;

    private HeldToken(Secret secret, long renewAt, long overAt) {
        this.secret = secret;
        this.renewAt = renewAt;
        this.overAt = overAt;
    }

    static HeldToken of(Token token, Ticker ticker) {
        Duration lifetime = token.lifetimeAt(ticker.now()).orElse(null);
        if (lifetime == null) {
            return new HeldToken(token.secret(), Long.MAX_VALUE, Long.MAX_VALUE);
        }
        if (lifetime.isZero()) {
            // It may be the clock of this machine that is wrong: who takes it will say.
            long asking = ticker.nanos() + PAUSE_AFTER_FAILURE.toNanos();
            return new HeldToken(token.secret(), asking, asking);
        }
        Duration good = lifetime.compareTo(Duration.ofDays(365)) > 0 ? Duration.ofDays(365) : lifetime;
        long end = ticker.nanos() + good.toNanos();
        long renewed = Math.min(RENEWED_BEFORE_END.toNanos(), good.toNanos() / 5);
        long over = Math.min(OVER_BEFORE_END.toNanos(), good.toNanos() / 20);
        return new HeldToken(token.secret(), end - renewed, end - over);
    }

    Secret secret() {
        return secret;
    }

    /** Says whether it is too late to send it: it may run out on the way. */
    boolean isOverAt(long now) {
        return now >= overAt;
    }

    boolean isToBeRenewedAt(long now) {
        return now >= renewAt;
    }

    /** A source that has just failed is not asked by every call, nor is one that gives what is over. */
    void renewLaterThan(long now) {
        renewAt = now + PAUSE_AFTER_FAILURE.toNanos();
    }

    @Override
    public String toString() {
        return secret.toString();
    }
}
