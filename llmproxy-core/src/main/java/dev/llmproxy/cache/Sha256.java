package dev.llmproxy.cache;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import okio.ByteString;

/**
 * SHA-256. Each digest is a copy of one that is there already: its provider is looked up once, and nothing is kept by a
 * thread. Thread-safe.
 */
final class Sha256 {
    private static final MessageDigest NEW = create();

    private Sha256() {}

    private static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing: every Java platform has to have it", e);
        }
    }

    /** Begins a digest that has taken nothing. */
    static MessageDigest begin() {
        return copy(NEW);
    }

    /** Begins a digest that has taken what another one has, which is not changed. */
    static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(
                    "SHA-256 of " + digest.getProvider().getName() + " cannot be copied (expected: as those of Java)",
                    e);
        }
    }

    /** Returns the 32 bytes of the digest of some bytes, which are not copied. */
    static byte[] of(ByteString bytes) {
        MessageDigest digest = begin();
        try {
            bytes.write(new Into(digest));
        } catch (IOException e) {
            throw new UncheckedIOException("a digest does not throw", e);
        }
        return digest.digest();
    }

    private static final class Into extends OutputStream {
        private final MessageDigest digest;

        Into(MessageDigest digest) {
            this.digest = digest;
        }

        @Override
        public void write(int b) {
            digest.update((byte) b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            digest.update(bytes, from, length);
        }
    }
}
