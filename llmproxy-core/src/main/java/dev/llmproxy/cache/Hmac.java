package dev.llmproxy.cache;

import java.security.MessageDigest;
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
        MessageDigest digest = Sha256.begin();
        digest.update(block);
        return digest;
    }

    /** Returns the 32 bytes of the hash of some bytes. */
    byte[] of(byte[] bytes, int from, int to) {
        return end(begin(bytes, from, to));
    }

    /** Begins hashes that have their first bytes in common. */
    Begun beginWith(byte[] bytes, int from, int to) {
        return new Begun(begin(bytes, from, to));
    }

    private MessageDigest begin(byte[] bytes, int from, int to) {
        MessageDigest begun = Sha256.copy(inner);
        begun.update(bytes, from, to - from);
        return begun;
    }

    private byte[] end(MessageDigest begun) {
        MessageDigest end = Sha256.copy(outer);
        end.update(begun.digest());
        return end.digest();
    }

    /** The beginning of any number of hashes. Thread-safe. */
    final class Begun {
        private final MessageDigest first;

        private Begun(MessageDigest first) {
            this.first = first;
        }

        /** Returns the 32 bytes of the hash of the first bytes and some more. */
        byte[] end(byte[] bytes, int from, int to) {
            MessageDigest whole = Sha256.copy(first);
            whole.update(bytes, from, to - from);
            return Hmac.this.end(whole);
        }
    }
}
