package dev.llmproxy.cache;

import java.security.SecureRandom;
import okio.ByteString;

/** The secret of a cache that no other process finds anything in. */
final class Secrets {
    private static final int BYTES = 32;

    private Secrets() {}

    static ByteString random() {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        return ByteString.of(secret);
    }
}
