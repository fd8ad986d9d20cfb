package dev.llmproxy.wire;

import java.util.Arrays;

/**
 * Remembers a document, because the next one of a stream often differs from it only in some strings and numbers: those
 * are read, the rest is found equal, and then the values are shown without the document being scanned. What it shows of
 * a document is what a scan would show.
 */
final class ShapeMemo {
    /** Longer documents are not remembered. */
    static final int LONGEST = 2 << 10;

    private final Script script = new Script();
    private final Changes changes = new Changes();
    private byte[] document = {};
    private int length;
    private boolean marked;

    /** Returns what to write the next document into, while it is scanned. Forgets the last one. */
    Script rewrite() {
        length = 0;
        script.clear();
        return script;
    }

    /**
     * Keeps the document that was scanned whole.
     *
     * @param mark whether it began with a byte order mark
     */
    void keep(byte[] data, int from, int to, boolean mark) {
        length = to - from;
        if (document.length < length) {
            // Room for somewhat longer ones: they come next.
            document = new byte[Math.min(LONGEST, length * 2)];
        }
        System.arraycopy(data, from, document, 0, length);
        marked = mark;
    }

    boolean marked() {
        return marked;
    }

    /** Returns whether a document is well-formed and of the same shape. If not, that says nothing of it. */
    boolean matches(byte[] data, int from, int to) {
        changes.clear();
        if (length == 0 || to - from > JsonScanner.MAX_STRING_LENGTH) {
            return false;
        }
        Holes holes = script.holes();
        int here = 0;
        int there = from;
        int next = 0;
        while (true) {
            int equal = Arrays.mismatch(document, here, length, data, there, to);
            if (equal < 0) {
                return true;
            }
            int hole = holes.at(here + equal, next);
            if (hole < 0) {
                return false;
            }
            there = changes.read(holes, hole, data, there + holes.from(hole) - here, to);
            if (there < 0) {
                return false;
            }
            here = holes.to(hole);
            next = hole + 1;
        }
    }

    /** Shows the values of the document that matched. */
    void show(JsonValues values, byte[] data, int from) {
        script.play(values, changes, data, from);
    }
}
