package dev.llmproxy.auth;

import dev.llmproxy.call.Secret;
import dev.llmproxy.event.CallInfo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One key of a pool: rejected until it changes, or resting for a while, altogether or for one model. Thread-safe.
 */
final class PooledKey {
    static final long UNTIL_IT_CHANGES = Long.MAX_VALUE;
    private static final String EVERY_MODEL = "";
    private static final int MAX_MODELS = 256;

    private final ApiKey key;
    private final Map<String, Rest> rests = new ConcurrentHashMap<>();
    private volatile boolean told;

    PooledKey(ApiKey key) {
        this.key = key;
    }

    ApiKey key() {
        return key;
    }

    /** Says whether anything is known against the key. */
    boolean isSetAside() {
        return !rests.isEmpty();
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
        if (rests.isEmpty()) {
            return now;
        }
        return Math.max(freeAt(rests.get(EVERY_MODEL), secret, now), freeAt(rests.get(modelOf(call)), secret, now));
    }

    private static long freeAt(@Nullable Rest rest, Secret secret, long now) {
        return rest == null || !rest.secret().equals(secret) ? now : Math.max(now, rest.until());
    }

    /**
     * Sets the key aside, for the model of a call or, where there is none, for every one.
     *
     * @param sentAt when the request was sent that was refused
     */
    void rest(@Nullable CallInfo ofModel, Rest rest, long sentAt) {
        String model = ofModel == null ? EVERY_MODEL : modelOf(ofModel);
        if (rests.size() < MAX_MODELS || rests.containsKey(model)) {
            rests.merge(model, rest, (known, next) -> known.and(next, sentAt));
        }
    }

    // Without a model it is that of all others.
    private static String modelOf(CallInfo call) {
        return call.model().orElse(EVERY_MODEL);
    }

    /** The key was taken: what was known against it is over. What came after it was sent is not. */
    void accepted(CallInfo call, long sentAt) {
        accepted(EVERY_MODEL, sentAt);
        accepted(modelOf(call), sentAt);
    }

    private void accepted(String model, long sentAt) {
        Rest rest = rests.get(model);
        if (rest != null && rest.since() <= sentAt) {
            rests.remove(model, rest);
        }
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
