package dev.llmproxy.wire;

import java.util.Arrays;

/** The strings of a document that flow: where they lie, and where those lie that stand in their places in a repeat of it. */
final class Flow {
    /** Of a document with more of them no repeats are looked for. */
    private static final int MOST = 8;

    private final StringScan string = new StringScan();
    private final int[] field = new int[MOST];
    // Without their quotes, counted from the beginning of the document.
    private final int[] from = new int[MOST];
    private final int[] to = new int[MOST];
    // In the data that holds the repeat.
    private final int[] start = new int[MOST];
    private final int[] end = new int[MOST];
    private final boolean[] escaped = new boolean[MOST];
    private int size;

    void clear() {
        size = 0;
    }

    /** Adds the next string, or returns false: there are too many. */
    boolean add(int newField, int newFrom, int newTo) {
        if (size == MOST) {
            return false;
        }
        field[size] = newField;
        from[size] = newFrom;
        to[size] = newTo;
        size++;
        return true;
    }

    /**
     * Compares a document with what comes.
     *
     * @return where the repeat of it ends that begins at {@code first}, or -1 if there is none
     */
    int match(byte[] document, int length, byte[] data, int first, int last) {
        int here = 0;
        int there = first;
        for (int i = 0; i < size; i++) {
            there = behindEqual(document, here, from[i], data, there, last);
            if (there < 0) {
                return -1;
            }
            start[i] = there;
            there = readString(i, data, there, last);
            if (there < 0) {
                return -1;
            }
            end[i] = there;
            here = to[i];
        }
        return behindEqual(document, here, length, data, there, last);
    }

    private static int behindEqual(byte[] document, int here, int until, byte[] data, int there, int last) {
        int behind = there + until - here;
        return behind <= last && Arrays.equals(document, here, until, data, there, behind) ? behind : -1;
    }

    private int readString(int i, byte[] data, int first, int last) {
        int stop = StringScan.endOfVerbatim(data, first, last);
        escaped[i] = stop < last && data[stop] != '"';
        if (escaped[i]) {
            string.begin(null, PathNode.NO_FIELD, JsonScanner.MAX_STRING_LENGTH);
            stop = string.scan(data, first, last, JsonError.STRING_TOO_LONG) - 1;
            return string.ended() ? stop : -1;
        }
        return stop < last && stop - first <= JsonScanner.MAX_STRING_LENGTH ? stop : -1;
    }

    /** Shows the strings of the repeat that was found last. */
    void show(JsonValues values, byte[] data) {
        for (int i = 0; i < size; i++) {
            if (escaped[i]) {
                string.show(values, field[i], data, start[i], end[i]);
            } else if (end[i] > start[i]) {
                values.string(field[i], data, start[i], end[i]);
            }
            values.stringEnd(field[i]);
        }
    }
}
