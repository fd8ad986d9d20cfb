package dev.llmproxy.dialect;

import dev.llmproxy.wire.JsonScanner;

/**
 * A JSON number by its value, exactly: what is written differently and is the same number becomes the same text, and no
 * two numbers do, however close. Notation is that of RFC 8785, hence of ECMAScript; there is no zero below zero.
 */
final class Decimal {
    /** The most bytes that a number takes. */
    static final int MAX_LENGTH = JsonScanner.MAX_NUMBER_LENGTH + 32;

    private static final int MOST_PLAIN_DIGITS = 21;
    private static final int LEAST_PLAIN_POINT = -6;
    private static final int MOST_EXPONENT_DIGITS = 9;

    private final byte[] digits = new byte[JsonScanner.MAX_NUMBER_LENGTH];
    private int count;
    // The value is 0.d1d2d3... times ten to this.
    private long point;
    private int position;

    /**
     * Writes a number.
     *
     * @param json holds a valid number of at most {@link JsonScanner#MAX_NUMBER_LENGTH} characters
     * @param out where to write it, with room for {@link #MAX_LENGTH} bytes
     * @return where it ends in out, or -1 if its exponent is out of all bounds
     */
    int write(byte[] json, int from, int to, byte[] out, int at) {
        boolean negative = json[from] == '-';
        position = negative ? from + 1 : from;
        readDigits(json, to);
        if (!readExponent(json, to) && count > 0) {
            return -1;
        }
        while (count > 0 && digits[count - 1] == '0') {
            count--;
        }
        if (count == 0) {
            out[at] = '0';
            return at + 1;
        }
        if (negative) {
            out[at] = '-';
        }
        return write(out, negative ? at + 1 : at);
    }

    /** Says whether a number is an integer that is written as it has to be: of most there is nothing to change. */
    static boolean isPlainInteger(byte[] json, int from, int to) {
        int first = json[from] == '-' ? from + 1 : from;
        if (json[first] == '0') {
            return to == from + 1;
        }
        for (int i = first; i < to; i++) {
            if (json[i] < '0' || json[i] > '9') {
                return false;
            }
        }
        return to - first <= MOST_PLAIN_DIGITS;
    }

    private void readDigits(byte[] json, int to) {
        count = 0;
        point = 0;
        boolean fraction = false;
        for (; position < to && (json[position] | 0x20) != 'e'; position++) {
            byte b = json[position];
            if (b == '.') {
                fraction = true;
                continue;
            }
            if (b != '0' || count > 0) {
                digits[count++] = b;
                point += fraction ? 0 : 1;
            } else if (fraction) {
                point--;
            }
        }
    }

    /** Returns whether the exponent is one to count with. */
    private boolean readExponent(byte[] json, int to) {
        if (position == to) {
            return true;
        }
        position++;
        boolean negative = json[position] == '-';
        position += negative || json[position] == '+' ? 1 : 0;
        while (position < to && json[position] == '0') {
            position++;
        }
        if (to - position > MOST_EXPONENT_DIGITS) {
            return false;
        }
        long exponent = 0;
        for (; position < to; position++) {
            exponent = exponent * 10 + json[position] - '0';
        }
        point += negative ? -exponent : exponent;
        return true;
    }

    private int write(byte[] out, int at) {
        if (point > MOST_PLAIN_DIGITS || point <= LEAST_PLAIN_POINT) {
            return scientific(out, at);
        }
        int before = (int) point;
        if (before <= 0) {
            int end = zeros(out, point(out, zeros(out, at, 1)), -before);
            return copy(0, count, out, end);
        }
        if (before >= count) {
            return zeros(out, copy(0, count, out, at), before - count);
        }
        return copy(before, count, out, point(out, copy(0, before, out, at)));
    }

    private int scientific(byte[] out, int at) {
        int end = copy(0, 1, out, at);
        if (count > 1) {
            end = copy(1, count, out, point(out, end));
        }
        long exponent = point - 1;
        out[end++] = 'e';
        out[end++] = (byte) (exponent < 0 ? '-' : '+');
        String text = Long.toString(Math.abs(exponent));
        for (int i = 0; i < text.length(); i++) {
            out[end++] = (byte) text.charAt(i);
        }
        return end;
    }

    private int copy(int from, int to, byte[] out, int at) {
        System.arraycopy(digits, from, out, at, to - from);
        return at + to - from;
    }

    private static int point(byte[] out, int at) {
        out[at] = '.';
        return at + 1;
    }

    private static int zeros(byte[] out, int at, int number) {
        for (int i = 0; i < number; i++) {
            out[at + i] = '0';
        }
        return at + number;
    }
}
