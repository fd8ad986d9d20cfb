package dev.llmproxy.call;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key or token. It prints nothing and serialises nothing; where it must be told from others, its
 * {@link #fingerprint()} stands for it.
 *
 * <p>The text is in the heap while the secret is: Java cannot promise otherwise.
 */
public final class Secret {
    private static final byte[] SALT = new byte[32];

    static {
        new SecureRandom().nextBytes(SALT);
    }

    // transient: serialisers that read fields by reflection leave it out
    private final transient String text;
    private final transient String fingerprint;

    private Secret(String text) {
        this.text = text;
        this.fingerprint = fingerprintOf(text);
    }

    /**
     * Returns a secret of this text.
     *
     * @param text the key or token
     * @return the secret
     */
    public static Secret of(String text) {
        return new Secret(Objects.requireNonNull(text, "text"));
    }

    /**
     * Returns the text, for the one place that signs a request.
     *
     * @return the key or token itself
     */
    public String reveal() {
        return text;
    }

    /**
     * Returns the first 8 hexadecimal digits of a keyed hash (HMAC-SHA-256) of the text. The hash key is made anew in
     * each process, so fingerprints are comparable within one process and worth nothing outside it.
     *
     * @return the fingerprint
     */
    public String fingerprint() {
        return fingerprint;
    }

    private static String fingerprintOf(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SALT, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)), 0, 4);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is missing: every Java platform has to have it", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), that.text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return fingerprint.hashCode();
    }

    /** Returns the fingerprint, never the text. */
    @Override
    public String toString() {
        return "secret#" + fingerprint;
    }
}
