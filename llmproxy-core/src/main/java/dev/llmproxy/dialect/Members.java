package dev.llmproxy.dialect;

import java.util.Arrays;

/** The members of the objects that are open, each object's behind those of the one that it lies in. */
final class Members {
    /** How many there may be at a time. */
    static final int MOST = 1 << 16;

    private static final int FIRST = 32;
    private static final int FEW = 16;

    private final byte[] json;
    private final CanonicalText text;
    // As they come: their order is kept beside them.
    private Member[] stack = new Member[FIRST];
    private int[] order = new int[FIRST];
    private byte[] moved = {};
    private int size;

    Members(byte[] json, CanonicalText text) {
        this.json = json;
        this.text = text;
        fillFrom(0);
    }

    private void fillFrom(int first) {
        for (int i = first; i < stack.length; i++) {
            stack[i] = new Member();
        }
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size == MOST;
    }

    /** Adds the next member of the innermost object; not if that is full. */
    Member add() {
        if (size == stack.length) {
            stack = Arrays.copyOf(stack, 2 * size);
            order = Arrays.copyOf(order, 2 * size);
            fillFrom(size);
        }
        order[size] = size;
        return stack[size++];
    }

    /** Returns the member of the innermost object that came last. */
    Member last() {
        return stack[size - 1];
    }

    void removeFrom(int first) {
        size = first;
    }

    /** Says whether the innermost object has so few members that each is brought into its order as it comes. */
    boolean areFew(int first) {
        return size - first <= FEW;
    }

    /** Compares the greatest of the members before the last one of the innermost object with that; below 0 if there is none. */
    int compareLast(int first) {
        return size - first < 2 ? -1 : compare(order[size - 2], size - 1);
    }

    private int compare(int one, int other) {
        return stack[one].compareTo(stack[other], json, text.bytes());
    }

    /** Brings the last member, which is less than the greatest, into its order; or returns false: it is there already. */
    boolean insertLast(int first) {
        int last = size - 1;
        int at = last - 1;
        order[last] = order[at];
        int compared = -1;
        while (at > first && (compared = compare(order[at - 1], last)) > 0) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = last;
        return compared != 0;
    }

    /** Brings the members of the innermost object into their order, or returns false: one is there twice. */
    boolean sortFrom(int first) {
        byte[] written = text.bytes();
        Arrays.sort(stack, first, size, (one, other) -> one.compareTo(other, json, written));
        for (int i = first; i < size; i++) {
            order[i] = i;
        }
        for (int i = first + 1; i < size; i++) {
            if (compare(i - 1, i) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Writes the sorted members of the innermost object, in place of what was written of them, without those left out. */
    void writeFrom(int first, int begin) {
        move(begin);
        for (int i = first; i < size; i++) {
            Member member = stack[order[i]];
            if (member.isLeftOut()) {
                continue;
            }
            if (text.size() > begin) {
                text.add(',');
            }
            member.addTo(text, json, moved, begin);
        }
    }

    private void move(int begin) {
        int length = text.size() - begin;
        if (length == 0) {
            return;
        }
        if (moved.length < length) {
            moved = new byte[Math.max(length, 2 * moved.length)];
        }
        System.arraycopy(text.bytes(), begin, moved, 0, length);
        text.cutTo(begin);
    }
}
