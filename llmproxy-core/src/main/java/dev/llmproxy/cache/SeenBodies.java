package dev.llmproxy.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.dialect.CanonicalRequest;
import dev.llmproxy.dialect.Dialect;
import okio.ByteString;

/**
 * What bodies came down to that were seen before, and what they say of the call, by the digest of their bytes: most repeats
 * have the same bytes, and then that is all there is to compute. Nothing of a prompt is kept. Thread-safe.
 */
final class SeenBodies {
    // Some 400 bytes each, and up to 300 for each tool that is named.
    private static final int MOST = 4_096;

    private final Cache<Seen, Known> seen = Caffeine.newBuilder()
            .maximumWeight(MOST)
            .weigher((Seen body, Known known) -> 1 + known.facts.tools().size())
            .executor(Runnable::run)
            .build();

    private record Known(CanonicalRequest canonical, RequestFacts facts) {}

    /** Returns what a body comes down to, and tells its request the facts that were read before. */
    CanonicalRequest get(Dialect dialect, LlmRequest request, ByteString body) {
        Seen key = new Seen(body.sha256(), dialect, request.url().path());
        Known known = seen.getIfPresent(key);
        if (known == null) {
            // Twice in a race: the same, and no lock while a large body is read.
            known = new Known(dialect.canonical(request.url(), body), request.facts());
            seen.put(key, known);
        } else if (!known.facts.equals(RequestFacts.none())) {
            request.facts(known.facts);
        }
        return known.canonical;
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
