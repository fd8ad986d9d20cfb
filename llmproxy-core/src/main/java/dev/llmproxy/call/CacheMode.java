package dev.llmproxy.call;

/** What one call asks of the response cache. */
public enum CacheMode {
    /** Reads and stores as the cache is configured: the default. */
    NORMAL,
    /** Neither reads nor stores. */
    BYPASS,
    /** Does not read, but stores. */
    REFRESH,
    /** Is answered from the cache, or with 504 when there is nothing. */
    ONLY_IF_CACHED,
    /** Stores the answer although the request is not deterministic. */
    STORE
}
