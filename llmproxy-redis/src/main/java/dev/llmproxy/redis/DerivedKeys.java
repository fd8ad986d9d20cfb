package dev.llmproxy.redis;

import dev.llmproxy.call.Secret;
import java.nio.charset.StandardCharsets;
import okio.ByteString;

/** What is derived from the application's key, so that no use of it says anything of another (RFC 5869, SHA-256). */
final class DerivedKeys {
    static final int SHORTEST = 32;

    private static final ByteString SALT = ByteString.encodeUtf8("dev.llmproxy.redis 1");

    private final ByteString extracted;

    DerivedKeys(Secret key) {
        byte[] bytes = key.reveal().getBytes(StandardCharsets.UTF_8);
        if (bytes.length < SHORTEST) {
            throw new IllegalArgumentException(
                    "key: " + bytes.length + " bytes (expected: at least " + SHORTEST + ", made at random)");
        }
        this.extracted = ByteString.of(bytes).hmacSha256(SALT);
    }

    /** What cache keys are hashed with. */
    ByteString hashing() {
        return expanded("hash keys");
    }

    /** What the keys of entries are derived from. */
    ByteString sealing() {
        return expanded("seal entries");
    }

    /** Tells entries of this key and format from others on the same server; says nothing of the key. */
    String space() {
        return expanded("name keys").substring(0, 8).hex();
    }

    private ByteString expanded(String label) {
        return ByteString.encodeUtf8(label + '\u0001').hmacSha256(extracted);
    }
}
