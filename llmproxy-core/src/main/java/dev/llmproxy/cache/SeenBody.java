package dev.llmproxy.cache;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.dialect.CanonicalRequest;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a body that was seen before: what it comes down to, what it says of the call, and the key that it came
 * to the last time. Thread-safe; of two threads that meet the later one's key is remembered.
 */
final class SeenBody {
    private final CanonicalRequest canonical;
    private final RequestFacts facts;
    private final boolean tells;
    private volatile @Nullable Last last;

    // By its number: who asks says so with a credential, which is not kept with each body.
    private record Last(long asker, KeyedRequest keyed) {}

    SeenBody(CanonicalRequest canonical, RequestFacts facts) {
        this.canonical = canonical;
        this.facts = facts;
        this.tells = !facts.equals(RequestFacts.none());
    }

    RequestFacts facts() {
        return facts;
    }

    /** Tells a request what is known, unless that is nothing. */
    void tell(LlmRequest request) {
        if (tells) {
            request.facts(facts);
        }
    }

    /** Returns the key of the body for who asks. */
    KeyedRequest keyed(Asker asker) {
        Last known = last;
        if (known == null || known.asker != asker.id()) {
            known = new Last(asker.id(), asker.keyed(canonical));
            last = known;
        }
        return known.keyed;
    }

    @Override
    public String toString() {
        return canonical.toString();
    }
}
