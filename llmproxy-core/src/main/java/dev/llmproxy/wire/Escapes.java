package dev.llmproxy.wire;

/** The escapes of a string, byte by byte. */
final class Escapes {
    private static final int NONE = 0;
    private static final int AFTER_BACKSLASH = 1;
    /** Before the first of four digits; the states that follow are before the others. */
    private static final int DIGITS = 2;

    private static final int LAST_DIGIT = 5;
    private static final int UNIT_DIGITS = 4;

    static final int ESCAPE_LENGTH = 6;
    // From the last byte of the escape behind it back to where a surrogate begins.
    private static final int BEFORE_LETTER = ESCAPE_LENGTH + 1;
    private static final int BEFORE_ESCAPE = 2 * ESCAPE_LENGTH - 1;

    private final Pieces shown;
    private int state;
    private int code;
    // A high surrogate that was escaped and waits for the low one, or 0.
    private int high;
    // How many bytes before the one at hand a surrogate begins that was just found alone, or 0.
    private int alone;

    Escapes(Pieces shown) {
        this.shown = shown;
    }

    void begin() {
        state = NONE;
        high = 0;
    }

    /** Returns how many bytes back a surrogate begins that was just found alone, or 0; and forgets it. */
    int takeAlone() {
        int back = alone;
        alone = 0;
        return back;
    }

    /** Returns whether an escape has begun and not ended. */
    boolean isOpen() {
        return state != NONE;
    }

    /** Takes the backslash before {@code from}, with what belongs to it if that is well-formed and lies whole. */
    int open(byte[] data, int from, int to) {
        state = AFTER_BACKSLASH;
        if (from == to) {
            return from;
        }
        if (data[from] != 'u') {
            return takeLetter(data[from]) ? from + 1 : from;
        }
        return to - from > UNIT_DIGITS ? openUnit(data, from + 1) : from;
    }

    /** Says whether a backslash and one letter that means something stand there. */
    static boolean isLetter(byte[] data, int i, int to) {
        return to - i > 1 && data[i] == '\\' && meaningOf(data[i + 1]) != 0;
    }

    /** Says whether half of a pair has come and its other half may follow. */
    boolean awaitsPair() {
        return high != 0;
    }

    /** Returns what the escape means that stands there whole, or -1: there is none, or half of a pair. */
    static int unitAt(byte[] data, int i, int to) {
        if (to - i < ESCAPE_LENGTH || data[i] != '\\') {
            return -1;
        }
        byte letter = data[i + 1];
        if (letter == 'u') {
            int unit =
                    digit(data[i + 2]) << 12 | digit(data[i + 3]) << 8 | digit(data[i + 4]) << 4 | digit(data[i + 5]);
            return Character.isSurrogate((char) unit) ? -1 : unit;
        }
        int meaning = meaningOf(letter);
        return meaning == 0 ? -1 : meaning;
    }

    private int openUnit(byte[] data, int from) {
        int unit = 0;
        for (int i = from; i < from + UNIT_DIGITS; i++) {
            // Once below 0 it stays there.
            unit = unit << 4 | digit(data[i]);
        }
        if (unit < 0) {
            return from - 1;
        }
        code = unit;
        state = NONE;
        unit();
        return from + UNIT_DIGITS;
    }

    private static int digit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int letter = b | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    /** Takes the next byte of an escape, or returns false: it is none. */
    boolean take(byte b) {
        return state == AFTER_BACKSLASH ? takeLetter(b) : takeDigit(b);
    }

    private boolean takeLetter(byte b) {
        if (b == 'u') {
            state = DIGITS;
            code = 0;
            return true;
        }
        int character = meaningOf(b);
        if (character == 0) {
            return false;
        }
        state = NONE;
        endPair(BEFORE_LETTER);
        shown.add(character);
        return true;
    }

    private static int meaningOf(byte letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> 0;
        };
    }

    private boolean takeDigit(byte b) {
        int digit = digit(b);
        if (digit < 0) {
            return false;
        }
        code = code << 4 | digit;
        if (state < LAST_DIGIT) {
            state++;
        } else {
            state = NONE;
            unit();
        }
        return true;
    }

    /** A whole UTF-16 unit was escaped. */
    private void unit() {
        if (high != 0 && Character.isLowSurrogate((char) code)) {
            int character = Character.toCodePoint((char) high, (char) code);
            high = 0;
            shown.add(character);
            return;
        }
        endPair(BEFORE_ESCAPE);
        if (Character.isHighSurrogate((char) code)) {
            high = code;
            return;
        }
        if (Character.isLowSurrogate((char) code)) {
            alone = ESCAPE_LENGTH - 1;
            shown.addAlone(code);
            return;
        }
        shown.add(code);
    }

    /** Something other than an escape follows: a high surrogate that waits stays alone. */
    void endPair() {
        endPair(ESCAPE_LENGTH);
    }

    private void endPair(int back) {
        if (high != 0) {
            int single = high;
            high = 0;
            alone = back;
            shown.addAlone(single);
        }
    }
}
