package dev.llmproxy.cache;

import dev.llmproxy.call.LlmHeaders;
import okio.Buffer;

/** An answer that a look-up has found, wherever it is kept. Immutable. */
interface Found {
    int status();

    /** Returns the headers that are the same whenever it is handed out. */
    LlmHeaders headers();

    /** Returns the headers that a call gets to which it is handed out while it is fresh. */
    default LlmHeaders hitHeaders() {
        return headers().plus(Lookups.HIT);
    }

    /** Says whether it came in events, and so without a length. */
    boolean isStream();

    /** Returns when it was stored, in milliseconds since 1970. */
    long storedAt();

    /** Returns until when it is fresh, in milliseconds since 1970. */
    long freshUntil();

    /** Returns the length of its body. */
    int size();

    /** Returns how many tokens it has cost, 0 where that is not known. */
    int tokens();

    /** Writes a part of its body. */
    void write(Buffer sink, int from, int count);

    default boolean isFresh(long now) {
        return now < freshUntil();
    }
}
