package dev.llmproxy.wire;

import java.util.Arrays;

/** What stands in the holes of a document where it differs from the one that is remembered. */
final class Changes {
    private static final JsonValues NOBODY = new JsonValues() {};

    private final StringScan string = new StringScan();
    private final NumberScan number = new NumberScan();
    private final Holes holes = new Holes();
    // For each of them, which hole it is in the remembered document.
    private int[] which = new int[16];

    // While the values are shown: the next change, and how far what lies before it has moved.
    private int next;
    private int moved;

    void clear() {
        holes.clear();
    }

    /**
     * Reads what stands in the hole now.
     *
     * @param start where the hole begins in the document
     * @param end where the document ends
     * @return where the hole ends, or -1 if what stands there is not of its kind
     */
    int read(Holes remembered, int hole, byte[] data, int start, int end) {
        if (holes.size() == which.length) {
            which = Arrays.copyOf(which, which.length * 2);
        }
        which[holes.size()] = hole;
        return remembered.isNumber(hole) ? readNumber(data, start, end) : readString(data, start, end);
    }

    private int readNumber(byte[] data, int start, int end) {
        number.begin();
        int stop = number.scan(data, start, end);
        holes.add(start, stop, number.integral() ? Holes.INTEGRAL : Holes.NUMBER, number.value());
        return number.isWhole() ? stop : -1;
    }

    private int readString(byte[] data, int start, int end) {
        int stop = StringScan.endOfVerbatim(data, start, end);
        if (stop == end) {
            return -1;
        }
        if (data[stop] == '"') {
            holes.add(start, stop, Holes.VERBATIM, 0);
            return stop;
        }
        string.begin(NOBODY, 0, JsonScanner.MAX_STRING_LENGTH);
        int behind = string.scan(data, start, end, JsonError.STRING_TOO_LONG);
        holes.add(start, behind - 1, Holes.ESCAPED, 0);
        return string.ended() ? behind - 1 : -1;
    }

    /** Begins to show a document that begins at {@code start}. The holes must be asked for in their order. */
    void rewind(int start) {
        next = 0;
        moved = start;
    }

    void showString(JsonValues values, int field, Holes remembered, int hole, byte[] data) {
        if (reaches(remembered, hole)) {
            showString(values, field, data, holes.from(next), holes.to(next), holes.isVerbatim(next));
        } else {
            int start = remembered.from(hole) + moved;
            showString(values, field, data, start, remembered.to(hole) + moved, remembered.isVerbatim(hole));
        }
    }

    private void showString(JsonValues values, int field, byte[] data, int start, int end, boolean verbatim) {
        if (!verbatim) {
            string.begin(values, field, JsonScanner.MAX_STRING_LENGTH);
            // With its closing quote, which ends what an escape may have left open.
            string.scan(data, start, end + 1, JsonError.STRING_TOO_LONG);
        } else if (end > start) {
            values.string(field, data, start, end);
        }
        values.stringEnd(field);
    }

    void showNumber(JsonValues values, int field, Holes remembered, int hole) {
        boolean changed = reaches(remembered, hole);
        Holes holder = changed ? holes : remembered;
        int index = changed ? next : hole;
        values.number(field, holder.value(index), holder.isIntegral(index));
    }

    /** Goes on to a hole, and returns whether it changed. */
    private boolean reaches(Holes remembered, int hole) {
        while (next < holes.size() && which[next] < hole) {
            moved = holes.to(next) - remembered.to(which[next]);
            next++;
        }
        return next < holes.size() && which[next] == hole;
    }
}
