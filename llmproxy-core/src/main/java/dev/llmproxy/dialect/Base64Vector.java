package dev.llmproxy.dialect;

/**
 * A vector that is written as base64: how long it is, and whether there is anything in it. What its numbers are is not
 * said: floats at OpenAI, bytes or bits elsewhere.
 */
final class Base64Vector {
    private long digits;
    private int padding;
    private boolean nonzero;
    private boolean defective;

    void begin() {
        digits = 0;
        padding = 0;
        nonzero = false;
        defective = false;
    }

    void read(byte[] utf8, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = utf8[i];
            if (b == '=') {
                padding++;
            } else {
                digits++;
                nonzero |= b != 'A';
                defective |= padding > 0 || !isDigit(b);
            }
        }
    }

    private static boolean isDigit(byte b) {
        return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '+' || b == '/';
    }

    /** Returns how many bytes are written. */
    long bytes() {
        return digits * 3 / 4;
    }

    boolean isNonzero() {
        return nonzero;
    }

    /** Says whether this is no base64, whose padding may be missing but not wrong. */
    boolean isDefective() {
        return defective || digits % 4 == 1 || padding > 2 || (padding > 0 && (digits + padding) % 4 != 0);
    }
}
