package dev.llmproxy.auth;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.Secret;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a key comes from. It is asked for once per attempt, so that a key that changes is used from the next attempt on.
 * Thread-safe as far as its supplier is; never prints the key.
 */
public final class ApiKey {
    private final String description;
    private final Supplier<? extends @Nullable String> source;
    private volatile @Nullable Secret last;
    private volatile @Nullable Secret lastGood;

    private ApiKey(String description, Supplier<? extends @Nullable String> source) {
        this.description = description;
        this.source = source;
    }

    /**
     * Returns the key in an environment variable. A call without it fails with {@code auth.key-missing}.
     *
     * @param variable the variable's name
     * @return the key
     */
    public static ApiKey env(String variable) {
        Objects.requireNonNull(variable, "variable");
        return new ApiKey("environment variable " + variable, () -> System.getenv(variable));
    }

    /**
     * Returns a key that is given as it is. Better not one that stands in the source code.
     *
     * @param key the key
     * @return the key
     */
    public static ApiKey of(String key) {
        Objects.requireNonNull(key, "key");
        return new ApiKey("a key given to ApiKey.of", () -> key);
    }

    /**
     * Returns a key that is asked for before each attempt.
     *
     * @param source gives the key, or null when it has none; fast, and callable from many threads. What it throws fails
     *     the attempt with {@code auth.credential-source}
     * @return the key
     */
    public static ApiKey from(Supplier<? extends @Nullable String> source) {
        return new ApiKey("a supplier given to ApiKey.from", Objects.requireNonNull(source, "source"));
    }

    /** Returns the present key; nothing where the source has none. */
    Optional<Secret> read() {
        String text = source.get();
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        // The fingerprint is a keyed hash: made once for each key, not once for each call.
        Secret known = last;
        if (known == null || !known.reveal().equals(text)) {
            known = Secret.of(text);
            last = known;
        }
        return Optional.of(known);
    }

    /** Returns what is wrong with a key of this source, or null; looks at each key once. */
    @SuppressWarnings("ReferenceEquality") // read() gives the same object as long as the key is the same
    @Nullable
    String problemOf(Secret secret) {
        if (secret == lastGood) {
            return null;
        }
        String problem = CredentialHeaders.problemOf(secret.reveal()).orElse(null);
        if (problem == null) {
            lastGood = secret;
        }
        return problem;
    }

    /** Returns where the key comes from. */
    @Override
    public String toString() {
        return description;
    }
}
