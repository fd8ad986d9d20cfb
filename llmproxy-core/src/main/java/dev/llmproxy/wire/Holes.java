package dev.llmproxy.wire;

import java.util.Arrays;

/** Where strings and numbers lie in a document, and of which kind they are. */
final class Holes {
    /** A number that is not a whole one, or does not fit. */
    static final byte NUMBER = 0;

    static final byte INTEGRAL = 1;
    /** A string without an escape: it says what is written. */
    static final byte VERBATIM = 2;

    static final byte ESCAPED = 3;

    private int size;
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

    /** Adds the next hole; a string lies without its quotes, and has no value. */
    void add(int start, int end, byte what, long number) {
        if (size == from.length) {
            from = Arrays.copyOf(from, size * 2);
            to = Arrays.copyOf(to, size * 2);
            kind = Arrays.copyOf(kind, size * 2);
            value = Arrays.copyOf(value, size * 2);
        }
        from[size] = start;
        to[size] = end;
        kind[size] = what;
        value[size++] = number;
    }

    int from(int hole) {
        return from[hole];
    }

    int to(int hole) {
        return to[hole];
    }

    boolean isNumber(int hole) {
        return kind[hole] <= INTEGRAL;
    }

    boolean isIntegral(int hole) {
        return kind[hole] == INTEGRAL;
    }

    boolean isVerbatim(int hole) {
        return kind[hole] == VERBATIM;
    }

    long value(int hole) {
        return value[hole];
    }

    /** Returns the hole that a position lies in, its end included, looking from a hole on; or -1. */
    int at(int position, int first) {
        int hole = first;
        while (hole < size && to[hole] < position) {
            hole++;
        }
        return hole < size && from[hole] <= position ? hole : -1;
    }
}
