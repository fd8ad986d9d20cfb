package dev.llmproxy.dialect;

import java.util.Arrays;
import java.util.Comparator;

/** The members of the objects that are open, each object's behind those of the one that it lies in. */
final class Members {
    /** How many there may be at a time. */
    static final int MOST = 1 << 16;

    private static final int FIRST = 32;
    private static final int FEW = 16;

    private final CanonicalText text;
    private final Comparator<Member> order;
    private Member[] stack = new Member[FIRST];
    private byte[] moved = {};
    private int size;

    Members(CanonicalText text) {
        this.text = text;
        this.order = (one, other) -> one.compareTo(other, text.bytes());
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
            fillFrom(size);
        }
        return stack[size++];
    }

    Member last() {
        return stack[size - 1];
    }

    /** Compares the last two names. */
    int compareLast() {
        return stack[size - 2].compareTo(stack[size - 1], text.bytes());
    }

    void removeFrom(int first) {
        size = first;
    }

    /** Brings the members of the innermost object into their order, or returns false: one is there twice. */
    boolean sortFrom(int first) {
        return size - first > FEW ? sortMany(first) : sortFew(first);
    }

    // By insertion: objects of a few members are nearly all there are.
    private boolean sortFew(int first) {
        byte[] bytes = text.bytes();
        for (int i = first + 1; i < size; i++) {
            Member next = stack[i];
            int at = i;
            int compared = -1;
            while (at > first && (compared = stack[at - 1].compareTo(next, bytes)) > 0) {
                stack[at] = stack[at - 1];
                at--;
            }
            stack[at] = next;
            if (compared == 0) {
                return false;
            }
        }
        return true;
    }

    private boolean sortMany(int first) {
        Arrays.sort(stack, first, size, order);
        for (int i = first + 1; i < size; i++) {
            if (order.compare(stack[i - 1], stack[i]) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Writes the sorted members of the innermost object again, without those that are left out. */
    void rewriteFrom(int first, int begin) {
        int length = text.size() - begin;
        if (moved.length < length) {
            moved = new byte[Math.max(length, 2 * moved.length)];
        }
        System.arraycopy(text.bytes(), begin, moved, 0, length);
        text.cutTo(begin);
        for (int i = first; i < size; i++) {
            Member member = stack[i];
            if (!member.isLeftOut()) {
                if (text.size() > begin) {
                    text.add(',');
                }
                text.add(moved, member.start() - begin, member.end() - begin);
            }
        }
    }
}
