package dev.llmproxy.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** A text that can only be one: true, false, null, or a byte order mark. */
final class Literal {
    static final byte[] TRUE = "true".getBytes(US_ASCII);
    static final byte[] FALSE = "false".getBytes(US_ASCII);
    static final byte[] NULL = "null".getBytes(US_ASCII);
    static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private byte[] text = NULL;
    private int taken;

    void begin(byte[] expected) {
        text = expected;
        taken = 0;
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
}
