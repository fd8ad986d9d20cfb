package dev.llmproxy.dialect;

/**
 * Finds text that was UTF-8, was read as Latin-1 or Windows-1252 and encoded again: its characters beyond ASCII, taken
 * for bytes, are UTF-8. Whoever writes about such text, or in French or Vietnamese, has other characters beside them.
 */
final class Mojibake {
    private static final int MIN_HITS = 3;
    private static final int NONE = 0;

    // What Windows-1252 has at 80 to 9F, as the web reads it.
    private static final String WINDOWS = "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160"
            + "\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161"
            + "\u203a\u0153\u009d\u017e\u0178";

    // Which byte a character is. Most texts have dashes and quotation marks, so it is not searched for.
    private static final byte[] BYTES = new byte[0x2123];

    static {
        for (int b = 0x80; b <= 0xFF; b++) {
            BYTES[b] = (byte) b;
        }
        for (int i = 0; i < WINDOWS.length(); i++) {
            BYTES[WINDOWS.charAt(i)] = (byte) (0x80 + i);
        }
    }

    private int missing;
    private int open;
    private long hits;
    private long others;

    /** Takes the next character beyond ASCII. */
    void character(int codePoint) {
        int b = byteOf(codePoint);
        if (missing > 0 && b >= 0x80 && b < 0xC0) {
            more();
            return;
        }
        end();
        missing = following(b);
        open = missing > 0 ? 1 : 0;
        others += missing > 0 ? 0 : 1;
    }

    private void more() {
        open++;
        missing--;
        if (missing == 0) {
            hits++;
            open = 0;
        }
    }

    /** Ends what is open: a character of ASCII has come, or the end. */
    void end() {
        others += open;
        open = 0;
        missing = 0;
    }

    boolean isFound() {
        return hits >= MIN_HITS && others * 2 <= hits;
    }

    // Lead bytes of letters that are written somewhere; those of 2 bytes in between are hardly ever.
    private static int following(int b) {
        if (b >= 0xC2 && b <= 0xDF) {
            return b <= 0xC6 || (b >= 0xCE && b <= 0xD1) || (b >= 0xD7 && b <= 0xD9) ? 1 : 0;
        }
        return b >= 0xE0 && b <= 0xEF ? 2 : b >= 0xF0 && b <= 0xF4 ? 3 : 0;
    }

    private static int byteOf(int codePoint) {
        return codePoint < BYTES.length ? BYTES[codePoint] & 0xFF : NONE;
    }

    @Override
    public String toString() {
        return hits + " characters that are UTF-8 read as another encoding, " + others + " others beyond ASCII";
    }
}
