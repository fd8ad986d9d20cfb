package dev.llmproxy.limit;

import dev.llmproxy.call.Priority;
import org.jspecify.annotations.Nullable;

/**
 * Those that wait, by priority. A higher one is served first, but one in ten goes to the lowest that waits, so that it is
 * not starved. Not thread-safe.
 */
final class TurnQueue {
    private static final int ONE_IN = 10;

    private final TenantTurns[] byPriority = new TenantTurns[Priority.values().length];
    private final int most;
    private int served;
    private int size;

    TurnQueue(int most) {
        this.most = most;
        for (int i = 0; i < byPriority.length; i++) {
            byPriority[i] = new TenantTurns();
        }
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size >= most;
    }

    void add(Turn turn) {
        of(turn).add(turn);
        size++;
    }

    private TenantTurns of(Turn turn) {
        return byPriority[turn.priority().ordinal()];
    }

    /** Returns who is next, without taking it. */
    @Nullable
    Turn first() {
        int last = byPriority.length - 1;
        boolean fromBehind = isOfTheLowest();
        for (int i = 0; i <= last; i++) {
            Turn first = byPriority[fromBehind ? last - i : i].first();
            if (first != null) {
                return first;
            }
        }
        return null;
    }

    private boolean isOfTheLowest() {
        return served % ONE_IN == ONE_IN - 1;
    }

    /** Takes the one that {@link #first} has returned. */
    void serve(Turn turn) {
        of(turn).serve(turn);
        size--;
        served++;
    }

    /** Takes one out that has given up; returns whether it was still there. */
    boolean remove(Turn turn) {
        boolean removed = of(turn).remove(turn);
        size -= removed ? 1 : 0;
        return removed;
    }

    /** Takes out whoever has to go for one of this priority: of a lower one, and the last that came; or nobody. */
    @Nullable
    Turn makeRoomFor(Priority priority) {
        for (int i = byPriority.length - 1; i > priority.ordinal(); i--) {
            Turn last = byPriority[i].last();
            if (last != null) {
                remove(last);
                return last;
            }
        }
        return null;
    }

    /** Returns how many are served before one of this priority. */
    int ahead(Priority priority) {
        int count = 0;
        for (int i = 0; i <= priority.ordinal(); i++) {
            count += byPriority[i].size();
        }
        return count;
    }

    /** Returns how many tokens are served before one of this priority. */
    long tokensAhead(Priority priority) {
        long count = 0;
        for (int i = 0; i <= priority.ordinal(); i++) {
            count += byPriority[i].tokens();
        }
        return count;
    }

    @Override
    public String toString() {
        return size + " waiting";
    }
}
