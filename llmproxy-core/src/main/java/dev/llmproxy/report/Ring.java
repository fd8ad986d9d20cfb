package dev.llmproxy.report;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The last few things that were added, the oldest first. Adding takes no lock. While others add, what is read may lack
 * some of the newest ones. Thread-safe.
 */
final class Ring<T> {
    private final AtomicReferenceArray<@Nullable T> slots;
    private final AtomicLong added = new AtomicLong();

    /**
     * Constructs a ring.
     *
     * @param capacity how many are kept
     */
    Ring(int capacity) {
        this.slots = new AtomicReferenceArray<>(capacity);
    }

    void add(T item) {
        slots.setRelease((int) (added.getAndIncrement() % slots.length()), item);
    }

    /** Returns how many were added since the beginning. */
    long added() {
        return added.get();
    }

    List<T> items() {
        long end = added.get();
        List<T> items = new ArrayList<>();
        for (long i = Math.max(0, end - slots.length()); i < end; i++) {
            T item = slots.getAcquire((int) (i % slots.length()));
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }
}
