package dev.llmproxy.auth;

import dev.llmproxy.call.Secret;
import dev.llmproxy.event.CallInfo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One key of a pool: rejected until it changes, or resting for a while, altogether or for one model. Thread-safe; what
 * threads that meet learn at the same time may be lost.
 */
final class PooledKey {
    static final long UNTIL_IT_CHANGES = Long.MAX_VALUE;
    private static final String EVERY_MODEL = "";
    private static final int MAX_MODELS = 256;

    private final ApiKey key;
    private volatile @Nullable Map<String, Rest> rests;
    private volatile boolean told;

    PooledKey(ApiKey key) {
        this.key = key;
    }

    ApiKey key() {
        return key;
    }

    /** Says whether anything is known against the key. */
    boolean isSetAside() {
        return rests != null;
    }

    /** Returns the present key; null where there is none that can be sent. */
    @Nullable
    Secret sendable() {
        Secret secret = key.read().orElse(null);
        if (secret == null || key.problemOf(secret) != null) {
            return null;
        }
        told = false;
        return secret;
    }

    /** Says whether it is the first time that the key cannot be sent. */
    boolean isNews() {
        boolean news = !told;
        told = true;
        return news;
    }

    /** Returns when a key is free again: {@link #UNTIL_IT_CHANGES} for one that was rejected. */
    long freeAt(Secret secret, CallInfo call, long now) {
        Map<String, Rest> known = rests;
        if (known == null) {
            return now;
        }
        return Math.max(freeAt(known.get(EVERY_MODEL), secret, now), freeAt(known.get(modelOf(call)), secret, now));
    }

    private static long freeAt(@Nullable Rest rest, Secret secret, long now) {
        return rest == null || !rest.secret.equals(secret) ? now : Math.max(now, rest.until);
    }

    /** Sets the key aside for every model. */
    void rest(Secret secret, long until) {
        put(EVERY_MODEL, new Rest(secret, until));
    }

    /** Sets the key aside for the model of a call. */
    void rest(Secret secret, CallInfo call, long until) {
        put(modelOf(call), new Rest(secret, until));
    }

    private void put(String model, Rest rest) {
        Map<String, Rest> known = rests;
        if (known == null) {
            known = new ConcurrentHashMap<>();
            rests = known;
        }
        if (known.size() < MAX_MODELS || known.containsKey(model)) {
            known.put(model, rest);
        }
    }

    // Without a model it is that of all others.
    private static String modelOf(CallInfo call) {
        return call.model().orElse(EVERY_MODEL);
    }

    /** The key was taken: whatever was known against it is over. */
    void accepted(CallInfo call) {
        Map<String, Rest> known = rests;
        if (known != null) {
            known.remove(EVERY_MODEL);
            known.remove(modelOf(call));
            if (known.isEmpty()) {
                rests = null;
            }
        }
    }

    @Override
    public String toString() {
        return key.toString();
    }

    private static final class Rest {
        private final Secret secret;
        private final long until;

        Rest(Secret secret, long until) {
            this.secret = secret;
            this.until = until;
        }
    }
}
