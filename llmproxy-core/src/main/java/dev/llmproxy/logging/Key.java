package dev.llmproxy.logging;

import java.util.Locale;

/** The facts of a line, by the names that they have in the log. */
enum Key {
    CALL,
    OUTCOME,
    CAUSE,
    RULE,
    BLAME,
    CONFIDENCE,
    COUNT,
    WHERE,
    REMEDY,
    PAGE,
    STATUS,
    DURATION_MS,
    FIRST_BYTE_MS,
    FIRST_TOKEN_MS,
    DELAY_MS,
    ATTEMPT,
    ATTEMPTS,
    DEPLOYMENT,
    HOST,
    DIALECT,
    MODEL,
    ANSWERED_MODEL,
    STREAM,
    FINISH_REASON,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    CACHED_TOKENS,
    BYTES,
    EVENTS,
    REQUEST_ID,
    CACHE,
    METHOD,
    URL;

    private final String word = "llm." + name().toLowerCase(Locale.ROOT);

    /** Returns the name: behind a prefix, for other parts of the application log a status and a duration, too. */
    String word() {
        return word;
    }
}
