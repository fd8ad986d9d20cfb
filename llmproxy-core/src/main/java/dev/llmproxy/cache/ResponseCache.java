package dev.llmproxy.cache;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which answers are kept, where and for how long. Immutable: each method returns a changed copy.
 *
 * <p>Kept is only what is whole, was looked at and has ended by itself, and it is found only by the same question of the
 * same tenant, or with the same credential where the call names no tenant. By default only what is asked for with
 * temperature 0 or a seed is kept.
 */
public final class ResponseCache {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final long LEAST_MEMORY = 64L << 10;
    private static final int LARGEST_ENTRY = 256 << 20;

    private final long memoryBytes;
    private final @Nullable CacheStore store;
    private final Duration expireAfter;
    private final Duration staleIfError;
    private final Duration staleWhileRevalidate;
    private final int maxEntryBytes;
    private final boolean shared;
    private final boolean all;
    private final boolean singleFlight;

    private ResponseCache(Draft draft) {
        this.memoryBytes = draft.memoryBytes;
        this.store = draft.store;
        this.expireAfter = draft.expireAfter;
        this.staleIfError = draft.staleIfError;
        this.staleWhileRevalidate = draft.staleWhileRevalidate;
        this.maxEntryBytes = draft.maxEntryBytes;
        this.shared = draft.shared;
        this.all = draft.all;
        this.singleFlight = draft.singleFlight;
    }

    /**
     * Returns a cache in the memory of this process. Each proxy that is built with it has a memory of its own.
     *
     * @param bytes how much it may hold, with all that keeping costs beside the answers; at least 64 KiB
     * @return the setting: for an hour, up to 1 MiB each, deterministic requests only, equal calls in flight shared
     * @throws IllegalArgumentException if it is less
     */
    public static ResponseCache inMemory(long bytes) {
        if (bytes < LEAST_MEMORY) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= " + LEAST_MEMORY + ")");
        }
        Draft draft = new Draft();
        draft.memoryBytes = bytes;
        return new ResponseCache(draft);
    }

    /**
     * Returns a cache on a store that several processes may share.
     *
     * @param store where answers are kept; it stays the application's to close
     * @return the setting: for an hour, up to 1 MiB each, deterministic requests only, equal calls in flight shared
     */
    public static ResponseCache in(CacheStore store) {
        Draft draft = new Draft();
        draft.store = Objects.requireNonNull(store, "store");
        return new ResponseCache(draft);
    }

    /**
     * Returns this setting with a shared store behind the memory: what one process has fetched the others find there, and
     * what is asked for often comes from the memory. What is purged here stays in the memory of the other processes until
     * it is too old.
     *
     * @param store where answers are kept, too; it stays the application's to close
     * @return the changed setting
     * @throws IllegalArgumentException if the cache is on a store already
     */
    public ResponseCache backedBy(CacheStore store) {
        Objects.requireNonNull(store, "store");
        if (this.store != null) {
            throw new IllegalArgumentException("backedBy: a second store (expected: inMemory(..).backedBy(store))");
        }
        Draft draft = new Draft(this);
        draft.store = store;
        return new ResponseCache(draft);
    }

    /**
     * Returns this setting with a time for which an answer is fresh. Each is kept up to a tenth longer or shorter, so that
     * not all of them run out at the same moment.
     *
     * @param time how long, 1 s to 365 days; an hour where it is not set
     * @return the changed setting
     * @throws IllegalArgumentException if it is anything else
     */
    public ResponseCache expireAfter(Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("expireAfter: " + time + " (expected: 1 s to 365 days)");
        }
        Draft draft = new Draft(this);
        draft.expireAfter = time;
        return new ResponseCache(draft);
    }

    /**
     * Returns this setting with a time, after an answer is no longer fresh, in which it takes the place of a failure: of
     * those whose cause says so ({@link dev.llmproxy.fault.FaultCause#stale()}), and before anything else was handed over.
     *
     * @param time how long, 0 to 365 days; 0, never, where it is not set
     * @return the changed setting
     * @throws IllegalArgumentException if it is anything else
     */
    public ResponseCache staleIfError(Duration time) {
        Draft draft = new Draft(this);
        draft.staleIfError = checked("staleIfError", time);
        return new ResponseCache(draft);
    }

    /**
     * Returns this setting with a time, after an answer is no longer fresh, in which it is handed out at once while a new
     * one is fetched beside the call, on a thread of the proxy. Where the HTTP client cannot send beside a call, the call
     * waits for the new one.
     *
     * @param time how long, 0 to 365 days; 0, never, where it is not set
     * @return the changed setting
     * @throws IllegalArgumentException if it is anything else
     */
    public ResponseCache staleWhileRevalidate(Duration time) {
        Draft draft = new Draft(this);
        draft.staleWhileRevalidate = checked("staleWhileRevalidate", time);
        return new ResponseCache(draft);
    }

    private static Duration checked(String name, Duration time) {
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + ": " + time + " (expected: 0 to 365 days)");
        }
        return time;
    }

    /**
     * Returns this setting with a size above which an answer is not kept.
     *
     * @param bytes the length of its body, 1 to 256 MiB; 1 MiB where it is not set
     * @return the changed setting
     * @throws IllegalArgumentException if it is anything else
     */
    public ResponseCache maxEntryBytes(int bytes) {
        if (bytes < 1 || bytes > LARGEST_ENTRY) {
            throw new IllegalArgumentException("maxEntryBytes: " + bytes + " (expected: 1 to " + LARGEST_ENTRY + ")");
        }
        Draft draft = new Draft(this);
        draft.maxEntryBytes = bytes;
        return new ResponseCache(draft);
    }

    /**
     * Returns this setting for callers that may all see each other's answers: calls that have neither a tenant nor a
     * credential share one. Calls with a tenant or a credential stay apart.
     *
     * @return the changed setting
     */
    public ResponseCache shared() {
        Draft draft = new Draft(this);
        draft.shared = true;
        return new ResponseCache(draft);
    }

    /**
     * Returns this setting for all requests, also those that would be answered differently each time: who asks again gets
     * the first answer again. Requests that use state of the provider or tools that run there are never kept.
     *
     * @return the changed setting
     */
    public ResponseCache allRequests() {
        Draft draft = new Draft(this);
        draft.all = true;
        return new ResponseCache(draft);
    }

    /**
     * Returns this setting with or without single flight: equal calls that run at the same time share one upstream call.
     *
     * @param on whether they do; true where it is not set
     * @return the changed setting
     */
    public ResponseCache singleFlight(boolean on) {
        Draft draft = new Draft(this);
        draft.singleFlight = on;
        return new ResponseCache(draft);
    }

    long memoryBytes() {
        return memoryBytes;
    }

    @Nullable
    CacheStore store() {
        return store;
    }

    Duration expireAfter() {
        return expireAfter;
    }

    Duration staleIfError() {
        return staleIfError;
    }

    Duration staleWhileRevalidate() {
        return staleWhileRevalidate;
    }

    int maxEntryBytes() {
        return maxEntryBytes;
    }

    boolean isShared() {
        return shared;
    }

    boolean takesAll() {
        return all;
    }

    boolean sharesFlights() {
        return singleFlight;
    }

    /** Returns the setting as it is in effect. */
    @Override
    public String toString() {
        String where = memoryBytes > 0 ? memoryBytes + " bytes of memory" : "";
        where += store == null ? "" : (where.isEmpty() ? "" : " and ") + "a store";
        return where + ", expireAfter " + expireAfter + ", staleIfError " + staleIfError + ", staleWhileRevalidate "
                + staleWhileRevalidate + ", maxEntryBytes " + maxEntryBytes + (all ? ", all requests" : "")
                + (shared ? ", shared" : "") + (singleFlight ? "" : ", no single flight");
    }

    /** The parts of a setting while it is changed. */
    private static final class Draft {
        private long memoryBytes;
        private @Nullable CacheStore store;
        private Duration expireAfter = Duration.ofHours(1);
        private Duration staleIfError = Duration.ZERO;
        private Duration staleWhileRevalidate = Duration.ZERO;
        private int maxEntryBytes = 1 << 20;
        private boolean shared;
        private boolean all;
        private boolean singleFlight = true;

        Draft() {}

        Draft(ResponseCache from) {
            this.memoryBytes = from.memoryBytes;
            this.store = from.store;
            this.expireAfter = from.expireAfter;
            this.staleIfError = from.staleIfError;
            this.staleWhileRevalidate = from.staleWhileRevalidate;
            this.maxEntryBytes = from.maxEntryBytes;
            this.shared = from.shared;
            this.all = from.all;
            this.singleFlight = from.singleFlight;
        }
    }
}
