package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A short text of an answer, such as a type, an id or a model, put together from its pieces without building a string.
 * What is longer than any such text is cut.
 */
final class WireText {
    static final int MAX_BYTES = 256;

    // For words, and for ids and names.
    private static final int SHORT = 16;
    private static final int SMALL = 64;
    private static final byte[] NOTHING = {};
    // Each is a double, and so is every whole number of so many digits: what one is divided by the other is exact
    // but for one rounding, as it should be.
    private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14
    };

    private byte[] bytes = NOTHING;
    private int size;

    void clear() {
        size = 0;
    }

    void add(byte[] utf8, int from, int to) {
        int length = Math.min(to - from, MAX_BYTES - size);
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, roomFor(size + length));
        }
        System.arraycopy(utf8, from, bytes, size, length);
        size += length;
    }

    private static int roomFor(int length) {
        return length <= SHORT ? SHORT : length <= SMALL ? SMALL : MAX_BYTES;
    }

    WireText copy() {
        WireText copy = new WireText();
        copy.set(this);
        return copy;
    }

    void set(WireText other) {
        size = 0;
        add(other.bytes, 0, other.size);
    }

    void set(String ascii) {
        size = 0;
        byte[] text = ascii.getBytes(StandardCharsets.US_ASCII);
        add(text, 0, text.length);
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean is(String ascii) {
        if (size != ascii.length()) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (bytes[i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean is(Word word) {
        byte[] other = word.bytes();
        return Arrays.equals(bytes, 0, size, other, 0, other.length);
    }

    boolean endsWith(String ascii) {
        int start = size - ascii.length();
        for (int i = 0; i < ascii.length(); i++) {
            if (start < 0 || bytes[start + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean sameAs(WireText other) {
        return Arrays.equals(bytes, 0, size, other.bytes, 0, other.size);
    }

    /** Returns the index of the text in a list, or -1. */
    int in(String... list) {
        for (int i = 0; i < list.length; i++) {
            if (is(list[i])) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the index of the text in a list, or -1. */
    int in(Word[] list) {
        for (int i = 0; i < list.length; i++) {
            if (is(list[i])) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the number of JSON that this is. */
    double number() {
        if (size > POWERS.length) {
            return Double.parseDouble(toString());
        }
        long digits = 0;
        int behindPoint = -1;
        for (int i = bytes[0] == '-' ? 1 : 0; i < size; i++) {
            int digit = bytes[i] - '0';
            if (digit >= 0 && digit <= 9) {
                digits = 10 * digits + digit;
                behindPoint += behindPoint < 0 ? 0 : 1;
            } else if (bytes[i] == '.') {
                behindPoint = 0;
            } else {
                return Double.parseDouble(toString());
            }
        }
        double number = digits / POWERS[Math.max(0, behindPoint)];
        return bytes[0] == '-' ? -number : number;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
}
