package dev.llmproxy.call;

import java.util.Objects;

/**
 * Tells for which origin a request was signed, and with which key.
 *
 * @param origin the only origin that the request may be sent to
 * @param fingerprint the fingerprint of the key
 */
public record Signature(Origin origin, String fingerprint) {
    /**
     * Checks the parts.
     *
     * @param origin the only origin that the request may be sent to
     * @param fingerprint the fingerprint of the key
     */
    public Signature {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(fingerprint, "fingerprint");
    }
}
