package dev.llmproxy.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The places of a document where its strings and numbers lie, which other ones may fill. */
final class Holes {
    private static final byte FRACTION = 0;
    private static final byte INTEGER = 1;
    /** A string without an escape: it says what is written. */
    private static final byte VERBATIM = 2;

    private static final byte ESCAPED = 3;

    // Made for the first string with an escape.
    private @Nullable StringScan string;
    private final NumberScan number = new NumberScan(JsonScanner.MAX_NUMBER_LENGTH);
    private int size;
    // Where they begin and end, counted from the beginning of the document; strings without their quotes.
    private int[] from = new int[16];
    private int[] to = new int[16];
    private byte[] kind = new byte[16];
    private long[] value = new long[16];

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    void addString(int start, int end, boolean verbatim) {
        add(start, end);
        kind[size++] = verbatim ? VERBATIM : ESCAPED;
    }

    void addNumber(int start, int end, NumberScan filling) {
        add(start, end);
        setNumber(size++, filling);
    }

    private void add(int start, int end) {
        if (size == from.length) {
            from = Arrays.copyOf(from, size * 2);
            to = Arrays.copyOf(to, size * 2);
            kind = Arrays.copyOf(kind, size * 2);
            value = Arrays.copyOf(value, size * 2);
        }
        from[size] = start;
        to[size] = end;
    }

    private void setNumber(int hole, NumberScan filling) {
        kind[hole] = filling.integral() ? INTEGER : FRACTION;
        value[hole] = filling.value();
    }

    boolean isString(int hole) {
        return kind[hole] > INTEGER;
    }

    int from(int hole) {
        return from[hole];
    }

    int to(int hole) {
        return to[hole];
    }

    /** Moves the holes that end before a position, and returns the one after them. */
    int moveUpTo(int position, int first, int distance) {
        int hole = first;
        while (hole < size && to[hole] < position) {
            from[hole] += distance;
            to[hole] += distance;
            hole++;
        }
        return hole;
    }

    /** Returns whether a hole begins before a position or there. */
    boolean begins(int hole, int position) {
        return hole < size && from[hole] <= position;
    }

    /**
     * Reads what stands in a hole of another document.
     *
     * @param hole which; the ones before it have been moved to where they lie in the other document
     * @param start where the hole begins in the data
     * @param documentStart where the other document begins in the data
     * @param end where it ends
     * @return where in the data the hole ends, or -1 if what stands there is not of its kind
     */
    int refill(int hole, byte[] data, int start, int documentStart, int end) {
        int stop = kind[hole] <= INTEGER ? readNumber(hole, data, start, end) : readString(hole, data, start, end);
        from[hole] = start - documentStart;
        to[hole] = stop - documentStart;
        return stop;
    }

    private int readNumber(int hole, byte[] data, int start, int end) {
        number.begin();
        int stop = number.scan(data, start, end);
        setNumber(hole, number);
        return number.isWhole() ? stop : -1;
    }

    private int readString(int hole, byte[] data, int start, int end) {
        int stop = StringScan.endOfVerbatim(data, start, end);
        if (stop < end && data[stop] == '"') {
            kind[hole] = VERBATIM;
            return stop;
        }
        StringScan scan = string();
        scan.begin(null, PathNode.NO_FIELD, JsonScanner.MAX_STRING_LENGTH);
        stop = scan.scan(data, start, end, JsonError.STRING_TOO_LONG);
        kind[hole] = ESCAPED;
        return scan.ended() ? stop - 1 : -1;
    }

    private StringScan string() {
        if (string == null) {
            string = new StringScan();
        }
        return string;
    }

    /** Shows what stands in a hole of the document that begins at {@code start}. */
    void show(int hole, JsonValues values, int field, byte[] data, int start) {
        int first = start + from[hole];
        int end = start + to[hole];
        switch (kind[hole]) {
            case FRACTION, INTEGER -> values.number(field, value[hole], kind[hole] == INTEGER);
            case VERBATIM -> {
                if (end > first) {
                    values.string(field, data, first, end);
                }
                values.stringEnd(field);
            }
            default -> {
                string().show(values, field, data, first, end);
                values.stringEnd(field);
            }
        }
    }
}
