package dev.llmproxy.call;

import org.jspecify.annotations.Nullable;

/** The facts of one body at one URL, read when they are first asked for and then kept. */
final class LazyFacts {
    private final FactsReader reader;
    private final LlmUrl url;
    private final LlmBody body;
    private volatile @Nullable RequestFacts facts;

    LazyFacts(FactsReader reader, LlmUrl url, LlmBody body, @Nullable RequestFacts known) {
        this.reader = reader;
        this.url = url;
        this.body = body;
        this.facts = known;
    }

    RequestFacts get() {
        RequestFacts known = facts;
        if (known == null) {
            // Read twice in a race: the same facts, and no lock on the way of every call.
            known = reader.read(url, body);
            facts = known;
        }
        return known;
    }
}
