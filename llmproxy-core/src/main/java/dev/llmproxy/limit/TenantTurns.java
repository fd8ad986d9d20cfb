package dev.llmproxy.limit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those that wait with one priority. Each tenant gets as much as the others, in tokens, however many calls it has waiting
 * (deficit round robin); calls of one tenant are served in their order. Not thread-safe.
 */
final class TenantTurns {
    private static final long QUANTUM = 1_000;

    private final Map<String, Share> shares = new LinkedHashMap<>();
    private int size;
    private long tokens;

    private static final class Share {
        private final Deque<Turn> turns = new ArrayDeque<>();
        private long credit;
    }

    void add(Turn turn) {
        shares.computeIfAbsent(turn.tenant(), tenant -> new Share()).turns.addLast(turn);
        size++;
        tokens += turn.tokens();
    }

    /** Returns who is next, without taking it. */
    @Nullable
    Turn first() {
        if (size == 0) {
            return null;
        }
        for (int passed = 0; ; passed++) {
            Map.Entry<String, Share> next = shares.entrySet().iterator().next();
            Share share = next.getValue();
            Turn turn = share.turns.getFirst();
            if (shares.size() == 1 || share.credit >= cost(turn)) {
                return turn;
            }
            if (passed == shares.size()) {
                skipRounds();
            }
            share.credit += QUANTUM;
            shares.remove(next.getKey());
            shares.put(next.getKey(), share);
        }
    }

    // Nobody has enough after a round: to all of them what they get in those that change nothing. One may need
    // millions.
    private void skipRounds() {
        long fewest = Long.MAX_VALUE;
        for (Share share : shares.values()) {
            fewest = Math.min(fewest, (cost(share.turns.getFirst()) - share.credit) / QUANTUM);
        }
        for (Share share : shares.values()) {
            share.credit += fewest * QUANTUM;
        }
    }

    // Where no tokens are counted a call is worth as much as any other.
    private static long cost(Turn turn) {
        return Math.max(QUANTUM, turn.tokens());
    }

    /** Takes the one that {@link #first} has returned. */
    void serve(Turn turn) {
        Share share = shares.get(turn.tenant());
        if (share != null) {
            share.credit = Math.max(0, share.credit - cost(turn));
        }
        remove(turn);
    }

    /** Takes one out, wherever it stands; returns whether it was there. */
    boolean remove(Turn turn) {
        Share share = shares.get(turn.tenant());
        if (share == null || !share.turns.remove(turn)) {
            return false;
        }
        if (share.turns.isEmpty()) {
            shares.remove(turn.tenant());
        }
        size--;
        tokens -= turn.tokens();
        return true;
    }

    /** Returns the one that came last of the tenant that has most waiting. */
    @Nullable
    Turn last() {
        Share longest = null;
        for (Share share : shares.values()) {
            if (longest == null || share.turns.size() > longest.turns.size()) {
                longest = share;
            }
        }
        return longest == null ? null : longest.turns.getLast();
    }

    int size() {
        return size;
    }

    long tokens() {
        return tokens;
    }

    @Override
    public String toString() {
        return size + " of " + shares.size() + " tenants";
    }
}
