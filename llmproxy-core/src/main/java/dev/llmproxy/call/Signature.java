package dev.llmproxy.call;

import java.util.Objects;

/**
 * Tells for which origin a request was signed, and with which key.
 *
 * @param origin the only origin that the request may be sent to
 * @param key the key
 * @param shortLived whether it is a token that runs out, and that a newer one can replace
 */
public record Signature(Origin origin, Secret key, boolean shortLived) {
    /**
     * Checks the parts.
     *
     * @param origin the only origin that the request may be sent to
     * @param key the key
     * @param shortLived whether it is a token that runs out
     */
    public Signature {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(key, "key");
    }

    /**
     * Returns what may stand for the key in logs and events.
     *
     * @return the fingerprint of the key
     */
    public String fingerprint() {
        return key.fingerprint();
    }
}
