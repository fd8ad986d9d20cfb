package dev.llmproxy.dialect;

import dev.llmproxy.wire.JsonScanner;

/**
 * Hands the pieces of a text on to a scanner, after joining surrogate pairs whose halves were escaped in two pieces.
 * Halves that stay alone are no damage to the text's structure: they come as question marks.
 */
final class SurrogateJoin {
    private static final int SIZE = 3;
    private static final byte[] ALONE = {'?'};

    private final JsonScanner scanner;
    private final byte[] pair = new byte[4];
    private int high;

    SurrogateJoin(JsonScanner scanner) {
        this.scanner = scanner;
    }

    void clear() {
        high = 0;
    }

    void feed(byte[] utf8, int from, int to) {
        // The scanner that cuts these pieces hands each half on as a piece of its own.
        int half = to - from == SIZE && utf8[from] == (byte) 0xED ? codePoint(utf8, from) : 0;
        if (high != 0 && half >= 0xDC00) {
            feedPair(Character.toCodePoint((char) high, (char) half));
            return;
        }
        end();
        if (half >= 0xDC00) {
            scanner.feed(ALONE, 0, 1);
        } else if (half >= 0xD800) {
            high = half;
        } else {
            scanner.feed(utf8, from, to);
        }
    }

    private static int codePoint(byte[] utf8, int from) {
        return 0xD000 | (utf8[from + 1] & 0x3F) << 6 | (utf8[from + 2] & 0x3F);
    }

    private void feedPair(int codePoint) {
        high = 0;
        pair[0] = (byte) (0xF0 | codePoint >> 18);
        pair[1] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
        pair[2] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
        pair[3] = (byte) (0x80 | (codePoint & 0x3F));
        scanner.feed(pair, 0, pair.length);
    }

    void end() {
        if (high != 0) {
            high = 0;
            scanner.feed(ALONE, 0, 1);
        }
    }
}
