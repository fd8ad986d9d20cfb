package dev.llmproxy.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Answers in the memory of this process: as many bytes as it may hold, those that are asked for again and again before
 * those that were asked for once (W-TinyLFU). Thread-safe.
 */
final class MemoryStore {
    /** What an answer costs beside its body, at the most: measured by a test. */
    static final int OVERHEAD = 192;

    private static final int STEPS = 8;

    private final Cache<CacheKey, HeldAnswer> answers;
    private final Interner<HeldAnswer.Head> heads = Interner.newWeakInterner();
    private final long staleMillis;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private Iterator<HeldAnswer> next;

    /**
     * Constructs a store that holds nothing yet.
     *
     * @param bytes how much it may hold
     * @param staleMillis for how long an answer is of use after it is no longer fresh
     */
    MemoryStore(long bytes, long staleMillis) {
        this.answers = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((CacheKey key, HeldAnswer answer) -> OVERHEAD + answer.size())
                .executor(Runnable::run)
                .build();
        this.staleMillis = staleMillis;
        this.next = answers.asMap().values().iterator();
    }

    /** Returns what was put and is of use still, else null. */
    @Nullable
    Found get(CacheKey key, long now) {
        HeldAnswer found = answers.getIfPresent(key);
        if (found == null || !isOver(found, now)) {
            return found;
        }
        answers.asMap().remove(key, found);
        return null;
    }

    private boolean isOver(HeldAnswer answer, long now) {
        return now >= answer.freshUntil() + staleMillis;
    }

    /** Keeps an answer, in place of what was there before. */
    void put(CacheKey key, NewAnswer answer, long now) {
        HeldAnswer.Head head = heads.intern(new HeldAnswer.Head(answer.status(), answer.headers()));
        HeldAnswer held =
                new HeldAnswer(key, head, answer.bytes(), answer.storedAt(), answer.freshUntil(), answer.tokens());
        // A map that replaces a value keeps the key: the former answer would stay.
        while (answers.asMap().put(held, held) != null) {
            answers.invalidate(held);
        }
        sweep(now);
    }

    // Two objects less for each answer than if the cache kept their times: whoever puts one looks at a few others.
    private void sweep(long now) {
        if (!sweeping.compareAndSet(false, true)) {
            return;
        }
        try {
            for (int i = 0; i < STEPS; i++) {
                if (!next.hasNext()) {
                    next = answers.asMap().values().iterator();
                    return;
                }
                HeldAnswer seen = next.next();
                if (isOver(seen, now)) {
                    answers.asMap().remove(seen, seen);
                }
            }
        } finally {
            sweeping.set(false);
        }
    }

    void purge(ByteString tenant) {
        answers.asMap().keySet().removeIf(key -> key.isOf(tenant));
    }

    void clear() {
        answers.invalidateAll();
    }

    long entries() {
        return answers.estimatedSize();
    }

    /** Returns how much is held, with what keeping costs. */
    long bytes() {
        return answers.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }

    @Override
    public String toString() {
        return entries() + " answers in memory";
    }
}
