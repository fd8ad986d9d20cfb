package dev.llmproxy.wire;

/** Checks the characters beyond ASCII: in one go where a character lies whole, byte by byte where it may be cut. */
final class Utf8 {
    // The character that is not whole yet: how many bytes are missing, and what the next one may be.
    private int missing;
    private int lowest;
    private int highest;

    void reset() {
        missing = 0;
    }

    /** Returns whether the bytes so far end inside a character. */
    boolean cut() {
        return missing > 0;
    }

    /** Takes the next byte of a character beyond ASCII, or returns false: no character has it there. */
    boolean take(byte b) {
        int value = b & 0xff;
        if (missing == 0) {
            return begin(value);
        }
        if (value < lowest || value > highest) {
            return false;
        }
        missing--;
        lowest = 0x80;
        highest = 0xbf;
        return true;
    }

    private boolean begin(int first) {
        if (first < 0xc2 || first > 0xf4) {
            return false;
        }
        missing = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        // Not written longer than needed, no surrogate, nothing above U+10FFFF.
        lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        return true;
    }

    /** Returns where the whole, well-formed characters beyond ASCII end that begin at {@code from}. */
    static int endOfWhole(byte[] data, int from, int to) {
        int i = from;
        while (i < to && data[i] < 0) {
            int length = wholeAt(data, i, to);
            if (length == 0) {
                return i;
            }
            i += length;
        }
        return i;
    }

    /** Returns the length of the character, or 0 if it is cut or malformed. */
    private static int wholeAt(byte[] data, int i, int to) {
        int first = data[i] & 0xff;
        if (first < 0xe0) {
            return first >= 0xc2 && i + 1 < to && isContinuation(data[i + 1]) ? 2 : 0;
        }
        if (first < 0xf0) {
            return i + 2 < to && isWhole3(first, data[i + 1], data[i + 2]) ? 3 : 0;
        }
        return i + 3 < to && isWhole4(first, data[i + 1], data[i + 2], data[i + 3]) ? 4 : 0;
    }

    private static boolean isContinuation(byte b) {
        return b < (byte) 0xc0;
    }

    private static boolean isWhole3(int first, byte second, byte third) {
        int top = (first & 0xf) << 6 | (second & 0x3f);
        // U+0800 on, and not U+D800 to U+DFFF.
        return isContinuation(second) && isContinuation(third) && top >= 0x20 && (top < 0x360 || top > 0x37f);
    }

    private static boolean isWhole4(int first, byte second, byte third, byte fourth) {
        int top = (first & 0xf) << 6 | (second & 0x3f);
        // U+10000 to U+10FFFF.
        return isContinuation(second) && isContinuation(third) && isContinuation(fourth) && top >= 0x10 && top <= 0x10f;
    }
}
