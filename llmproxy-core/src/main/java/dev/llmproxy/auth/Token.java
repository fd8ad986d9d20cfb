package dev.llmproxy.auth;

import dev.llmproxy.call.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A short-lived token, and until when it is good. Immutable; prints nothing of the token. */
public final class Token {
    private final Secret secret;
    private final @Nullable Duration lifetime;
    private final @Nullable Instant expiresAt;

    private Token(String text, @Nullable Duration lifetime, @Nullable Instant expiresAt) {
        this.secret = Secret.of(text);
        this.lifetime = lifetime;
        this.expiresAt = expiresAt;
    }

    /**
     * Returns a token that is good for some time from now on. Better than a moment: it does not depend on the clock of
     * this machine.
     *
     * @param token the token
     * @param lifetime how long it is good, such as {@code expires_in} of OAuth
     * @return the token
     * @throws IllegalArgumentException if the lifetime is negative
     */
    public static Token expiringIn(String token, Duration lifetime) {
        if (lifetime.isNegative()) {
            throw new IllegalArgumentException("lifetime: " + lifetime + " (expected: >= 0)");
        }
        return new Token(Objects.requireNonNull(token, "token"), lifetime, null);
    }

    /**
     * Returns a token that is good until a moment.
     *
     * @param token the token
     * @param moment when it runs out, by the clock of this machine
     * @return the token
     */
    public static Token expiringAt(String token, Instant moment) {
        return new Token(Objects.requireNonNull(token, "token"), null, Objects.requireNonNull(moment, "moment"));
    }

    /**
     * Returns a token of which nobody knows until when it is good: it is used until it is refused.
     *
     * @param token the token
     * @return the token
     */
    public static Token expiringUnknown(String token) {
        return new Token(Objects.requireNonNull(token, "token"), null, null);
    }

    Secret secret() {
        return secret;
    }

    /** Returns for how long it is good, counted from a moment; nothing where nobody knows. */
    Optional<Duration> lifetimeAt(Instant now) {
        if (lifetime != null) {
            return Optional.of(lifetime);
        }
        return Optional.ofNullable(expiresAt).map(end -> end.isAfter(now) ? Duration.between(now, end) : Duration.ZERO);
    }

    /** Returns the token's fingerprint and when it runs out. */
    @Override
    public String toString() {
        String until = lifetime != null ? ", for " + lifetime : expiresAt != null ? ", until " + expiresAt : "";
        return secret + until;
    }
}
