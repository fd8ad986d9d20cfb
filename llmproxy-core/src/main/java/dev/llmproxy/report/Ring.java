package dev.llmproxy.report;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The last few things that were added, the oldest first. Adding takes no lock. While others add, what is read may lack
 * some of the newest and of the oldest ones. Thread-safe.
 */
final class Ring<T> {
    private final int capacity;
    // A power of two, so that a place is found without a division.
    private final AtomicReferenceArray<@Nullable T> slots;
    // By place how many had been added with what was put there: a place is taken before it is filled.
    private final AtomicIntegerArray filled;
    private final AtomicLong added = new AtomicLong();

    /**
     * Constructs a ring.
     *
     * @param capacity how many are kept
     */
    Ring(int capacity) {
        this.capacity = capacity;
        this.slots = new AtomicReferenceArray<>(Integer.highestOneBit(2 * capacity - 1));
        this.filled = new AtomicIntegerArray(slots.length());
    }

    void add(T item) {
        long number = added.getAndIncrement();
        int place = placeOf(number);
        slots.setRelease(place, item);
        filled.setRelease(place, (int) (number + 1));
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
            T item = item(i);
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    private @Nullable T item(long number) {
        int place = placeOf(number);
        if (filled.getAcquire(place) != (int) (number + 1)) {
            return null;
        }
        T item = slots.getAcquire(place);
        // Whoever comes round to a place counts before filling it.
        return added.get() > number + slots.length() ? null : item;
    }
}
