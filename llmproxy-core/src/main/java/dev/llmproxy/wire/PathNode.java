package dev.llmproxy.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value that lies on a watched path, and where the paths lead from it. */
final class PathNode {
    /** The field of a value that is not shown. */
    static final int NO_FIELD = -1;
    /** So that the members of an object that were seen fit into a long. */
    private static final int MOST_MEMBERS = Long.SIZE;

    final int field;
    /** Whether it is shown as it is written too, if it is an object or an array. */
    final boolean raw;
    /** Whether it is shown as it is written too, if it is a number. */
    final boolean rawNumber;
    /** Whether it leads to a value that is guarded, or is one. */
    final boolean guarded;
    /** What the elements are if this is an array. */
    final @Nullable PathNode elements;
    /** Tells this member among those of its object. */
    final long bit;

    private final byte[] name;
    // Beside the rest, so that a short name is known without a look at its bytes.
    private final int length;
    // The first bytes of it, and the last ones.
    private final long word;
    private final long tail;
    // Whether it is written without escapes: so it is found by what is written.
    private final boolean plain;
    // A hash table, each slot a chain: names are looked up for every member of a watched object.
    private final @Nullable PathNode[] members;
    private @Nullable PathNode nextInSlot;

    private PathNode(Builder builder) {
        this.field = builder.field;
        this.raw = builder.raw;
        this.rawNumber = builder.rawNumber;
        this.guarded = builder.guarded;
        this.elements = builder.elements == null ? null : builder.elements.build();
        this.bit = 1L << builder.index;
        this.name = builder.name;
        this.length = name.length;
        this.word = Swar.word(name, 0, name.length);
        this.tail = Swar.word(name, Math.max(0, name.length - Long.BYTES), name.length);
        this.plain = Swar.endOfPlain(name, 0, name.length) == name.length;
        this.members = new @Nullable PathNode[tableSize(builder.members.size())];
        for (Builder member : builder.members) {
            add(member.build());
        }
    }

    private static int tableSize(int members) {
        return Integer.highestOneBit(Math.max(1, members)) * 4;
    }

    private void add(PathNode member) {
        int slot = slot(member.word);
        member.nextInSlot = members[slot];
        members[slot] = member;
    }

    private int slot(long first) {
        // The top bits of a product depend on all bits of its factors.
        return (int) ((first * 0x9e3779b97f4a7c15L) >>> 32) & (members.length - 1);
    }

    /** Returns the length of the name, in bytes. */
    int length() {
        return length;
    }

    /** Returns the member whose name stands there with its closing quote if this is an object, or null: it may be cut. */
    @Nullable
    PathNode memberAt(byte[] data, int from, int to) {
        if (to - from <= Long.BYTES) {
            return null;
        }
        long first = Swar.upToQuote(data, from);
        PathNode member = members[slot(first)];
        while (member != null && !(member.word == first && member.isAt(data, from, to))) {
            member = member.nextInSlot;
        }
        return member;
    }

    // Of which the first eight bytes are known to stand there.
    private boolean isAt(byte[] data, int from, int to) {
        int end = from + length;
        return end < to && data[end] == '"' && plain && (length <= Long.BYTES || isRestAt(data, from, end));
    }

    private boolean isRestAt(byte[] data, int from, int end) {
        int behind = length - Long.BYTES;
        return Swar.word(data, end - Long.BYTES, end) == tail
                && (behind <= Long.BYTES
                        || Arrays.equals(name, Long.BYTES, behind, data, from + Long.BYTES, end - Long.BYTES));
    }

    /** Returns what the member of this name is if this is an object, or null. */
    @Nullable
    PathNode member(byte[] data, int from, int to) {
        long first = Swar.word(data, from, to);
        PathNode member = members[slot(first)];
        while (member != null && !(member.word == first && member.isNamed(data, from, to))) {
            member = member.nextInSlot;
        }
        return member;
    }

    private boolean isNamed(byte[] data, int from, int to) {
        return to - from == length && (length <= Long.BYTES || Arrays.equals(name, 0, length, data, from, to));
    }

    /** A node to be. */
    static final class Builder {
        private final byte[] name;
        private final int index;
        private final List<Builder> members = new ArrayList<>();
        private @Nullable Builder elements;
        private int field = NO_FIELD;
        private boolean raw;
        private boolean rawNumber;
        private boolean guarded;

        Builder(byte[] name, int index) {
            this.name = name;
            this.index = index;
        }

        /** Takes the field, unless there is one. */
        boolean becomes(int newField) {
            if (field != NO_FIELD) {
                return false;
            }
            field = newField;
            return true;
        }

        void raw() {
            raw = true;
        }

        void rawNumber() {
            rawNumber = true;
        }

        void guard() {
            guarded = true;
        }

        Builder elements() {
            if (elements == null) {
                elements = new Builder(new byte[0], 0);
            }
            return elements;
        }

        Builder member(byte[] memberName) {
            for (Builder member : members) {
                if (Arrays.equals(member.name, memberName)) {
                    return member;
                }
            }
            if (members.size() == MOST_MEMBERS) {
                throw new IllegalArgumentException(
                        "members of one object: " + (members.size() + 1) + " (expected: <= " + MOST_MEMBERS + ")");
            }
            Builder member = new Builder(memberName, members.size());
            members.add(member);
            return member;
        }

        PathNode build() {
            return new PathNode(this);
        }
    }
}
