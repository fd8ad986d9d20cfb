package dev.llmproxy.wire;

import org.jspecify.annotations.Nullable;

/**
 * Shows what a string with escapes says in few pieces: what the escapes mean, and the short texts between them, are put
 * together, and shown when there is no more room. A long text is shown where it lies.
 */
final class Pieces {
    private static final int ROOM = 256;
    private static final int LONGEST_KEPT = 128;
    private static final byte[] NOTHING = {};

    private @Nullable JsonValues shownTo;
    private int field;
    private byte[] kept = NOTHING;
    private int size;

    /**
     * Begins a string.
     *
     * @param values who sees what it says, or null
     */
    void begin(@Nullable JsonValues values, int newField) {
        shownTo = values;
        field = newField;
        size = 0;
    }

    boolean areSeen() {
        return shownTo != null;
    }

    /** Takes text without escapes. */
    void add(byte[] data, int from, int to) {
        if (shownTo == null || from == to) {
            return;
        }
        int length = to - from;
        if (length > LONGEST_KEPT) {
            show();
            shownTo.string(field, data, from, to);
            return;
        }
        makeRoom(length);
        if (data.length - from >= Swar.COPIED) {
            Swar.copy(data, from, kept, size, length);
        } else {
            System.arraycopy(data, from, kept, size, length);
        }
        size += length;
    }

    /** Takes what an escape means. */
    void add(int character) {
        if (shownTo != null) {
            makeRoom(4);
            size += encode(character);
        }
    }

    /** Takes half of a surrogate pair that was escaped alone: it is a piece of its own. */
    void addAlone(int surrogate) {
        show();
        add(surrogate);
        show();
    }

    private void makeRoom(int length) {
        // More than needed may be copied.
        if (kept.length - size < length + Swar.COPIED) {
            show();
            if (kept.length == 0) {
                kept = new byte[ROOM];
            }
        }
    }

    private int encode(int character) {
        if (character < 0x80) {
            kept[size] = (byte) character;
            return 1;
        }
        int length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
        int rest = character;
        for (int i = length - 1; i > 0; i--) {
            kept[size + i] = (byte) (0x80 | (rest & 0x3f));
            rest >>= 6;
        }
        kept[size] = (byte) (0xf00 >> length | rest);
        return length;
    }

    /** Shows what is kept. */
    void show() {
        if (size > 0 && shownTo != null) {
            int length = size;
            size = 0;
            shownTo.string(field, kept, 0, length);
        }
    }
}
