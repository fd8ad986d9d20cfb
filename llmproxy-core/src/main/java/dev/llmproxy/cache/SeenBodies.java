package dev.llmproxy.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Dialect;
import java.nio.ByteBuffer;
import okio.ByteString;

/**
 * What bodies came down to that were seen before, and what they say of the call, by the digest of their bytes: most repeats
 * have the same bytes, and then that is all there is to compute. Nothing of a prompt is kept. Thread-safe.
 */
final class SeenBodies {
    // Some 500 bytes each, and up to 300 for each tool that is named.
    private static final int MOST = 4_096;

    private final Cache<Seen, SeenBody> seen = Caffeine.newBuilder()
            .maximumWeight(MOST)
            .weigher((Seen key, SeenBody body) -> 1 + body.facts().tools().size())
            .executor(Runnable::run)
            .build();

    /** Returns what is known of a body, and tells its request the facts that were read before. */
    SeenBody get(Dialect dialect, LlmRequest request, ByteString bytes) {
        Seen key = Seen.of(bytes, dialect, request.url().path());
        SeenBody body = seen.getIfPresent(key);
        if (body == null) {
            // Twice in a race: the same, and no lock while a large body is read.
            body = new SeenBody(dialect.canonical(request.url(), bytes), request.facts());
            seen.put(key, body);
        } else {
            body.tell(request);
        }
        return body;
    }

    // The digest in four numbers: they are compared at once, and are a hash already.
    private record Seen(long first, long second, long third, long fourth, Dialect dialect, String path) {
        static Seen of(ByteString bytes, Dialect dialect, String path) {
            ByteBuffer digest = ByteBuffer.wrap(Sha256.of(bytes));
            return new Seen(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong(), dialect, path);
        }

        @Override
        public int hashCode() {
            return (int) first;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // there is one object for each dialect
        public boolean equals(Object other) {
            return other instanceof Seen that
                    && first == that.first
                    && second == that.second
                    && third == that.third
                    && fourth == that.fourth
                    && dialect == that.dialect
                    && path.equals(that.path);
        }
    }
}
