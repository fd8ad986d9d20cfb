package dev.llmproxy.cache;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import okio.ByteString;

/**
 * HMAC-SHA-256 (RFC 2104) with one secret. Each hash begins with a copy of one that has taken the secret already: no
 * look-up, no lock, and nothing that a thread keeps. Thread-safe.
 */
final class Hmac {
    private static final int BLOCK = 64;
    private static final int INNER = 0x36;
    private static final int OUTER = 0x5c;

    private final MessageDigest inner;
    private final MessageDigest outer;

    Hmac(ByteString secret) {
        ByteString key = secret.size() > BLOCK ? secret.sha256() : secret;
        this.inner = begun(key, INNER);
        this.outer = begun(key, OUTER);
    }

    private static MessageDigest begun(ByteString key, int pad) {
        byte[] block = new byte[BLOCK];
        key.copyInto(0, block, 0, key.size());
        for (int i = 0; i < BLOCK; i++) {
            block[i] ^= (byte) pad;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(block);
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing: every Java platform has to have it", e);
        }
    }

    /** Returns the 32 bytes of the hash of some bytes. */
    byte[] of(byte[] bytes, int from, int to) {
        MessageDigest first = copy(inner);
        first.update(bytes, from, to - from);
        MessageDigest second = copy(outer);
        second.update(first.digest());
        return second.digest();
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(
                    "SHA-256 of " + digest.getProvider().getName() + " cannot be copied (expected: as those of Java)",
                    e);
        }
    }
}
