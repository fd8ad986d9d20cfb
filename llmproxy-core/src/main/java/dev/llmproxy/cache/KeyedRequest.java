package dev.llmproxy.cache;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Under what the answer to a request is kept, or why it is not.
 *
 * @param key the key, or null if the answer must neither be looked up nor kept
 * @param deterministic whether the same answer can be expected of the same request, so that it may be given again
 *     without being asked for; never without a key
 * @param reason why there is no key or, with one, why it is not deterministic; empty if it is. Nothing of the request
 *     is in it
 */
record KeyedRequest(@Nullable CacheKey key, boolean deterministic, String reason) {
    KeyedRequest {
        Objects.requireNonNull(reason, "reason");
    }

    static KeyedRequest without(String reason) {
        return new KeyedRequest(null, false, reason);
    }

    /** Returns whether there is a key, and the reason; nothing of the key. */
    @Override
    public String toString() {
        return (key == null ? "no key" : "key") + (reason.isEmpty() ? "" : ": " + reason);
    }
}
