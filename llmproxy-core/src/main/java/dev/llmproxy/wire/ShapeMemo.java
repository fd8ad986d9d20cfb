package dev.llmproxy.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the last document, because the next one of a stream often differs from it only in some strings and numbers:
 * those are read, the rest is found equal, and the values are shown without the document being scanned. What it shows is
 * what a scan would show.
 */
final class ShapeMemo {
    /** Longer documents are not remembered. */
    static final int LONGEST = 2 << 10;

    private final Script script = new Script();
    private final Holes holes = script.holes();
    private byte[] document = {};
    // 0 while nothing is remembered.
    private int length;
    private boolean marked;
    private @Nullable Paths paths;

    // Made when a repeat is looked for: not every format has any.
    private @Nullable Flow flow;
    private boolean flowKnown;
    private boolean repeats;

    /** Says of which paths the values are that are remembered; of others nothing is. */
    void isFor(Paths watched) {
        if (paths != watched) {
            paths = watched;
            length = 0;
        }
    }

    /** Returns what to write the next document into while it is scanned. */
    Script rewrite() {
        script.clear();
        return script;
    }

    /**
     * Remembers the document that was written down, and found complete.
     *
     * @param mark whether it began with a byte order mark
     */
    void keep(byte[] data, int from, int to, boolean mark) {
        marked = mark;
        copy(data, from, to);
    }

    private void copy(byte[] data, int from, int to) {
        flowKnown = false;
        length = to - from;
        if (length > LONGEST) {
            length = 0;
        } else if (length > document.length) {
            // Twice as long: the next ones may be somewhat longer.
            document = new byte[Math.min(LONGEST, length * 2)];
        }
        System.arraycopy(data, from, document, 0, length);
    }

    boolean marked() {
        return marked;
    }

    /**
     * Returns whether a document is well-formed and of the same shape, and remembers it. If not, nothing is known of it,
     * and nothing remembered.
     */
    boolean matches(byte[] data, int from, int to) {
        int end = length;
        length = 0;
        flowKnown = false;
        if (end == 0 || to - from > JsonScanner.MAX_STRING_LENGTH) {
            return false;
        }
        // Where both documents go on, the last one and this one, and from which hole on.
        int here = 0;
        int there = from;
        int hole = 0;
        int equal = Arrays.mismatch(document, here, end, data, there, to);
        while (equal >= 0) {
            hole = holes.moveUpTo(here + equal, hole, there - from - here);
            if (!holes.begins(hole, here + equal)) {
                return false;
            }
            int start = there - here + holes.from(hole);
            here = holes.to(hole);
            there = holes.refill(hole, data, start, from, to);
            if (there < 0) {
                return false;
            }
            hole++;
            equal = Arrays.mismatch(document, here, end, data, there, to);
        }
        holes.moveUpTo(Integer.MAX_VALUE, hole, there - from - here);
        copy(data, from, to);
        return true;
    }

    /** Returns where the repeat of the document ends that begins there, or -1 if none does. */
    int endOfRepeat(JsonValues values, byte[] data, int from, int to) {
        if (!flowKnown) {
            flowKnown = true;
            repeats = length > 0 && findFlow(values);
        }
        return repeats ? flow().match(document, length, data, from, to) : -1;
    }

    private Flow flow() {
        if (flow == null) {
            flow = new Flow();
        }
        return flow;
    }

    // A line of its own is all that a repeat may be: who looks for it does not know yet where the line ends.
    private boolean findFlow(JsonValues values) {
        flow().clear();
        return script.addFlow(flow(), values) && LineEnd.find(document, 0, length) == length;
    }

    /** Shows what flows in the repeat that was found. */
    void showRepeat(JsonValues values, byte[] data) {
        flow().show(values, data);
    }

    /** Shows the values of the document that matched. */
    void show(JsonValues values, byte[] data, int from) {
        script.play(values, data, from);
    }
}
