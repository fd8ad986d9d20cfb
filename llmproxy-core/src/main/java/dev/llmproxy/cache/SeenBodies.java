package dev.llmproxy.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.dialect.Dialect;
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
        Seen key = new Seen(bytes.sha256(), dialect, request.url().path());
        SeenBody body = seen.getIfPresent(key);
        if (body == null) {
            // Twice in a race: the same, and no lock while a large body is read.
            body = new SeenBody(dialect.canonical(request.url(), bytes), request.facts());
            seen.put(key, body);
        } else if (!body.facts().equals(RequestFacts.none())) {
            request.facts(body.facts());
        }
        return body;
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
