package dev.llmproxy.wire;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what the first documents of a stream look like for the next stream of the same server, whose first ones often
 * differ from them only in some strings and numbers, too. Nothing of a document is shown with another one. Thread-safe.
 */
public final class KnownShapes {
    /** How many documents of a stream are known, each by its place. */
    public static final int PLACES = 5;

    private static final int FREE = 0;
    private static final int LENT = 1;

    private final ShapeMemo[] memos = new ShapeMemo[PLACES];
    // A flag, where taking the memo out of the array would do: to a collector a reference that moves is work.
    private final AtomicIntegerArray states = new AtomicIntegerArray(PLACES);

    /** Creates a memory of nothing yet. */
    public KnownShapes() {
        for (int place = 0; place < PLACES; place++) {
            memos[place] = new ShapeMemo();
        }
    }

    /** Lends what is known of a place, to one scanner at a time: for those few that come meanwhile it is null. */
    @Nullable
    ShapeMemo take(int place) {
        return states.compareAndSet(place, FREE, LENT) ? memos[place] : null;
    }

    void giveBack(int place) {
        states.set(place, FREE);
    }
}
