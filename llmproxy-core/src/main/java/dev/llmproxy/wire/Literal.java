package dev.llmproxy.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** A text that can only be one: true, false, null, or a byte order mark. */
final class Literal {
    private static final byte[] TRUE = "true".getBytes(US_ASCII);
    private static final byte[] FALSE = "false".getBytes(US_ASCII);
    private static final byte[] NULL = "null".getBytes(US_ASCII);
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private byte[] text = NULL;
    private int taken;

    /** Begins with the literal that has this first byte, and returns where it ends, or {@code i}: unclear. */
    int begin(byte[] data, int i, int to) {
        text = data[i] == 'n' ? NULL : data[i] == 't' ? TRUE : FALSE;
        taken = 0;
        // Compared at once where it lies whole, false without its first byte.
        int end = i + text.length;
        if (end > to || !Swar.equal4(text, text.length - Integer.BYTES, data, end - Integer.BYTES)) {
            return i;
        }
        taken = text.length;
        return end;
    }

    void beginMark() {
        text = MARK;
        taken = 0;
    }

    /** Returns whether the byte is the first one of a byte order mark. */
    static boolean beginsMark(byte b) {
        return b == MARK[0];
    }

    /** Takes what belongs to the text, and returns where that ends. */
    int scan(byte[] data, int from, int to) {
        int i = from;
        while (i < to && taken < text.length && data[i] == text[taken]) {
            i++;
            taken++;
        }
        return i;
    }

    boolean ended() {
        return taken == text.length;
    }

    /** Shows a value. */
    void showTo(JsonValues values, int field) {
        if (text == NULL) {
            values.nul(field);
        } else {
            values.bool(field, text == TRUE);
        }
    }

    /** Writes a value down. */
    void writeTo(Script script, int field) {
        if (text == NULL) {
            script.nul(field);
        } else {
            script.bool(field, text == TRUE);
        }
    }
}
