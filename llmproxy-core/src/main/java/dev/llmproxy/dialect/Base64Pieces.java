package dev.llmproxy.dialect;

import java.util.Arrays;

/** Decodes base64 that comes in pieces into a buffer that is used again. */
final class Base64Pieces {
    private static final byte[] VALUES = values();

    private byte[] decoded = new byte[512];
    private int size;
    private int bits;
    private int bitCount;
    private boolean padded;
    private boolean broken;

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < digits.length(); i++) {
            values[digits.charAt(i)] = (byte) i;
        }
        return values;
    }

    void clear() {
        size = 0;
        bits = 0;
        bitCount = 0;
        padded = false;
        broken = false;
    }

    void add(byte[] base64, int from, int to) {
        ensure((to - from) / 4 * 3 + 3);
        for (int i = from; i < to; i++) {
            add(base64[i]);
        }
    }

    private void ensure(int more) {
        if (decoded.length - size < more) {
            decoded = Arrays.copyOf(decoded, Math.max(size + more, 2 * decoded.length));
        }
    }

    private void add(byte digit) {
        if (digit == '=') {
            padded = true;
            return;
        }
        int value = digit < 0 ? -1 : VALUES[digit];
        if (value < 0 || padded) {
            broken = true;
            return;
        }
        bits = bits << 6 | value;
        bitCount += 6;
        if (bitCount >= 8) {
            bitCount -= 8;
            decoded[size] = (byte) (bits >> bitCount);
            size++;
        }
    }

    boolean isBroken() {
        return broken;
    }

    byte[] bytes() {
        return decoded;
    }

    int size() {
        return size;
    }
}
