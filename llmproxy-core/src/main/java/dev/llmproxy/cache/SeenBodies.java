package dev.llmproxy.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.CanonicalRequest;
import dev.llmproxy.dialect.Dialect;
import okio.ByteString;

/**
 * What bodies came down to that were seen before, by the digest of their bytes: most repeats have the same bytes, and
 * then that is all there is to compute. Nothing of a body is kept. Thread-safe.
 */
final class SeenBodies {
    // Some 300 bytes each.
    private static final int MOST = 4_096;

    private final Cache<Seen, CanonicalRequest> seen =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

    /** Returns what a body comes down to. */
    CanonicalRequest get(Dialect dialect, LlmUrl url, ByteString body) {
        Seen key = new Seen(body.sha256(), dialect, url.path());
        CanonicalRequest known = seen.getIfPresent(key);
        if (known == null) {
            // Twice in a race: the same, and no lock while a large body is read.
            known = dialect.canonical(url, body);
            seen.put(key, known);
        }
        return known;
    }

    private record Seen(ByteString digest, Dialect dialect, String path) {
        @Override
        public int hashCode() {
            return digest.hashCode();
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // there is one object for each dialect
        public boolean equals(Object other) {
            return other instanceof Seen that
                    && digest.equals(that.digest)
                    && dialect == that.dialect
                    && path.equals(that.path);
        }
    }
}
