package dev.llmproxy.dialect;

/**
 * The length of a text and a hash of it, without the text: equal for equal texts, however they are cut into pieces. Counts
 * UTF-16 units, so that a surrogate pair is the same whether it came whole or in two halves that were escaped alone.
 */
final class TextSum {
    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

    private long hash;
    private long units;
    private long codePoints;
    private boolean known;
    private int codePoint;
    private int missing;

    void clear() {
        hash = 0;
        units = 0;
        codePoints = 0;
        known = false;
        missing = 0;
    }

    void read(byte[] utf8, int from, int to) {
        known = true;
        for (int i = from; i < to; i++) {
            byte b = utf8[i];
            if (b >= 0) {
                codePoints++;
                unit(b);
            } else if ((b & 0xC0) == 0x80) {
                more(b);
            } else {
                missing = (b & 0xE0) == 0xC0 ? 1 : (b & 0xF0) == 0xE0 ? 2 : 3;
                codePoint = b & (0x3F >> missing);
            }
        }
    }

    private void more(byte b) {
        codePoint = codePoint << 6 | (b & 0x3F);
        missing--;
        if (missing == 0) {
            endOfCharacter();
        }
    }

    private void endOfCharacter() {
        if (codePoint >= Character.MIN_SUPPLEMENTARY_CODE_POINT) {
            unit(Character.highSurrogate(codePoint));
            unit(Character.lowSurrogate(codePoint));
        } else {
            unit(codePoint);
        }
        // The second half of a pair is counted with the first.
        codePoints += codePoint >= 0xDC00 && codePoint <= 0xDFFF ? 0 : 1;
    }

    private void unit(int unit) {
        hash = hash * FACTOR + unit + 1;
        units++;
    }

    /** Says that there is a text, though an empty one perhaps. */
    void know() {
        known = true;
    }

    boolean isKnown() {
        return known;
    }

    void append(TextSum next) {
        hash = hash * power(next.units) + next.hash;
        units += next.units;
        codePoints += next.codePoints;
        known = true;
    }

    private static long power(long exponent) {
        long result = 1;
        long square = FACTOR;
        for (long rest = exponent; rest != 0; rest >>= 1) {
            result = (rest & 1) == 0 ? result : result * square;
            square *= square;
        }
        return result;
    }

    boolean sameAs(TextSum other) {
        return units == other.units && hash == other.hash;
    }

    /** Returns the length in UTF-16 units. */
    long units() {
        return units;
    }

    long codePoints() {
        return codePoints;
    }
}
