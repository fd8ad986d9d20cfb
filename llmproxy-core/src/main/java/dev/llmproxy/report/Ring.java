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
    private final int capacity;
    // A power of two, so that a place is found without a division.
    private final AtomicReferenceArray<@Nullable T> slots;
    private final AtomicLong added = new AtomicLong();

    /**
     * Constructs a ring.
     *
     * @param capacity how many are kept
     */
    Ring(int capacity) {
        this.capacity = capacity;
        this.slots = new AtomicReferenceArray<>(Integer.highestOneBit(2 * capacity - 1));
    }

    void add(T item) {
        slots.setRelease(placeOf(added.getAndIncrement()), item);
    }

    private int placeOf(long number) {
        return (int) number & (slots.length() - 1);
    }

    /** Returns how many were added since the beginning. */
    long added() {
        return added.get();
    }

    List<T> items() {
        long end = added.get();
        List<T> items = new ArrayList<>();
        for (long i = Math.max(0, end - capacity); i < end; i++) {
            T item = slots.getAcquire(placeOf(i));
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }
}
