package dev.llmproxy.wire;

import org.jspecify.annotations.Nullable;

/** The objects and arrays around a position, and what of them is watched. */
final class Nesting {
    private final PathNode root;
    // For each level a bit, whether it is an array.
    private final long[] arrays = new long[JsonScanner.MAX_DEPTH / Long.SIZE + 1];
    // Only so many levels as a path leads through: what lies deeper is not watched.
    private final @Nullable PathNode[] nodes;
    private final long[] seen;
    private int depth;
    private boolean inArray;
    private @Nullable PathNode innermost;
    private @Nullable PathNode value;

    Nesting(Paths paths) {
        this.root = paths.root();
        this.nodes = new @Nullable PathNode[paths.levels() + 1];
        this.seen = new long[paths.levels() + 1];
        clear();
    }

    void clear() {
        depth = 0;
        inArray = false;
        innermost = null;
        value = root;
    }

    int depth() {
        return depth;
    }

    /** Returns whether the innermost is an array. */
    boolean inArray() {
        return inArray;
    }

    /** Returns the innermost object or array if a path leads into it. */
    @Nullable
    PathNode innermost() {
        return innermost;
    }

    /** Returns what the value at the position is told as, or {@link PathNode#NO_FIELD}. */
    int field() {
        return value == null ? PathNode.NO_FIELD : value.field;
    }

    /** Returns whether the value at the position is shown as it is written. */
    boolean isRaw() {
        return value != null && value.raw;
    }

    /** Returns whether the value at the position is shown as it is written if it is a number. */
    boolean isRawNumber() {
        return value != null && value.rawNumber;
    }

    /** Returns whether the value at the position leads to one that is guarded. */
    boolean isGuarded() {
        return value != null && value.guarded;
    }

    /** The value at the position is an object or array: goes inside. */
    void enter(boolean array) {
        depth++;
        setArray(array);
        if (depth < nodes.length) {
            nodes[depth] = value;
            seen[depth] = 0;
        }
        inArray = array;
        innermost = value;
        value = null;
    }

    private void setArray(boolean array) {
        long bit = 1L << depth; // Counted round.
        int word = depth / Long.SIZE;
        arrays[word] = array ? arrays[word] | bit : arrays[word] & ~bit;
    }

    /** The value at the position is an element of the innermost array. */
    void element() {
        value = innermost == null ? null : innermost.elements;
    }

    /**
     * The value at the position is a member of the innermost object.
     *
     * @param member which, or null if it is not watched
     * @return false if the object has had it before
     */
    boolean member(@Nullable PathNode member) {
        value = member;
        if (member == null) {
            return true;
        }
        boolean first = (seen[depth] & member.bit) == 0;
        seen[depth] |= member.bit;
        return first;
    }

    /** Leaves the innermost object or array, and returns what it is told as. */
    int leave() {
        int field = innermost == null ? PathNode.NO_FIELD : innermost.field;
        depth--;
        inArray = (arrays[depth / Long.SIZE] & 1L << depth) != 0;
        innermost = depth > 0 && depth < nodes.length ? nodes[depth] : null;
        return field;
    }
}
