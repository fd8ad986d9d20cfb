package dev.llmproxy.cache;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Where answers are: in memory, on a store of the application's, or on it with memory in front. What a store throws is a
 * miss and is told as a condition; it never fails a call.
 */
final class Tiers {
    private static final String PLACE = "cache store";

    private final @Nullable MemoryStore memory;
    private final @Nullable CacheStore store;
    private final long staleMillis;
    private final Ticker ticker;
    private final Tally tally;
    private final LiveCache.Conditions conditions;
    // Whoever has just learned that the store fails does not ask it for more.
    private volatile boolean failing;

    Tiers(ResponseCache cache, Ticker ticker, Tally tally, LiveCache.Conditions conditions) {
        this.staleMillis = Math.max(
                cache.staleIfError().toMillis(), cache.staleWhileRevalidate().toMillis());
        this.memory = cache.memoryBytes() == 0 ? null : new MemoryStore(cache.memoryBytes(), staleMillis);
        this.store = cache.store();
        this.ticker = ticker;
        this.tally = tally;
        this.conditions = conditions;
    }

    long now() {
        return ticker.now().toEpochMilli();
    }

    @Nullable
    Found find(CacheKey key, long now) {
        Found found = memory == null ? null : memory.get(key, now);
        if (store == null || (found != null && found.isFresh(now))) {
            return found;
        }
        StoredAnswer further = findIn(store, key, now);
        if (further == null || (found != null && found.freshUntil() >= further.freshUntil())) {
            return found;
        }
        if (memory != null) {
            memory.put(key, further.toMemory(), now);
        }
        return further;
    }

    /** Looks in the memory of this process only. */
    @Nullable
    Found findNear(CacheKey key, long now) {
        return memory == null ? null : memory.get(key, now);
    }

    boolean isOnStore() {
        return store != null;
    }

    /** Says whether the store has failed when it was asked last. */
    boolean isFailing() {
        return failing;
    }

    /** Returns for how long a call waits for what another process fetches, at the most. */
    long patienceNanos() {
        try {
            return store == null ? 0 : Math.max(0, store.patience().toNanos());
        } catch (RuntimeException e) {
            failed(e);
            return 0;
        }
    }

    /** Asks to be the one process that fetches an answer; null while another one does. Where that cannot be had it is free. */
    CacheStore.@Nullable Lease lease(CacheKey key) {
        long longest = patienceNanos();
        if (store == null || failing || longest == 0) {
            return CacheStore.Lease.NONE;
        }
        try {
            Optional<CacheStore.Lease> lease = store.lease(key, Duration.ofNanos(longest));
            failing = false;
            return lease.orElse(null);
        } catch (IOException | RuntimeException e) {
            failed(e);
            return CacheStore.Lease.NONE;
        }
    }

    private @Nullable StoredAnswer findIn(CacheStore from, CacheKey key, long now) {
        try {
            Optional<CachedAnswer> answer = from.get(key);
            failing = false;
            if (answer.isEmpty() || now >= answer.get().freshUntil() + staleMillis) {
                return null;
            }
            return StoredAnswer.of(answer.get());
        } catch (IOException | RuntimeException e) {
            failed(e);
            return null;
        }
    }

    void put(CacheKey key, NewAnswer answer, long now) {
        if (memory != null) {
            memory.put(key, answer, now);
        }
        if (store != null) {
            try {
                store.put(
                        key,
                        StoredAnswer.toStore(answer),
                        Duration.ofMillis(answer.freshUntil() - answer.storedAt() + staleMillis));
            } catch (IOException | RuntimeException e) {
                failed(e);
            }
        }
    }

    void purge(ByteString tenant) throws IOException {
        if (memory != null) {
            memory.purge(tenant);
        }
        if (store != null) {
            store.purge(tenant);
        }
    }

    void clear() throws IOException {
        if (memory != null) {
            memory.clear();
        }
        if (store != null) {
            store.clear();
        }
    }

    long entries() {
        return memory == null ? 0 : memory.entries();
    }

    long bytes() {
        return memory == null ? 0 : memory.bytes();
    }

    // The class only: a message may name hosts and quote what it must not.
    void failed(Exception thrown) {
        if (thrown instanceof InterruptedIOException && Thread.currentThread().isInterrupted()) {
            // That speaks of the call, not of the store.
            return;
        }
        tally.storeFailures.increment();
        boolean damaged = thrown instanceof DamagedEntryException;
        failing = !damaged;
        FaultCause cause = damaged ? FaultCause.CACHE_ENTRY_DAMAGED : FaultCause.STORE_UNAVAILABLE;
        conditions.notice(cause, PLACE, () -> explain(cause, thrown));
    }

    private static Fault explain(FaultCause cause, Exception thrown) {
        boolean damaged = cause == FaultCause.CACHE_ENTRY_DAMAGED;
        return Fault.builder(cause)
                .summary(
                        damaged
                                ? "an entry of the cache is not as it was put; it was taken for absent"
                                : "the store of the cache failed; calls are sent as if it were empty")
                .where(PLACE)
                .evidence("exception", thrown.getClass().getName())
                .remedy(
                        damaged
                                ? "look for who else writes to the store, and for another version or another secret"
                                : "look whether the store is up, fast and not full")
                .build();
    }

    @Override
    public String toString() {
        return (memory == null ? "" : "memory")
                + (memory == null || store == null ? "" : ", ")
                + (store == null ? "" : "a store");
    }
}
