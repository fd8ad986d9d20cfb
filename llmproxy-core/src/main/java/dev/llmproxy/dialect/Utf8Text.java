package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A text that is put together from pieces of UTF-8, which may be cut inside a character, or between the halves of a
 * surrogate pair that were escaped alone.
 */
final class Utf8Text {
    private static final int MAX_BYTES = 1 << 30;
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int size;

    /** Adds a piece; what would make the text larger than any memory is left out. */
    void add(byte[] utf8, int from, int to) {
        int length = to - from;
        if (length > MAX_BYTES - size) {
            return;
        }
        if (bytes.length - size < length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + length, Math.max(64, (int) Math.min(2L * size, MAX_BYTES))));
        }
        System.arraycopy(utf8, from, bytes, size, length);
        size += length;
    }

    void add(Utf8Text other) {
        add(other.bytes, 0, other.size);
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    /** Drops the beginning. */
    void dropBefore(int start) {
        System.arraycopy(bytes, start, bytes, 0, size - start);
        size -= start;
    }

    /** Returns the text; halves of surrogate pairs that stay alone are kept as they are. */
    @Override
    public String toString() {
        int half = nextHalf(0);
        if (half == size) {
            return new String(bytes, 0, size, StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder(size);
        int start = 0;
        while (half < size) {
            text.append(new String(bytes, start, half - start, StandardCharsets.UTF_8));
            text.append((char) (0xD000 | (bytes[half + 1] & 0x3F) << 6 | (bytes[half + 2] & 0x3F)));
            start = half + 3;
            half = nextHalf(start);
        }
        return text.append(new String(bytes, start, size - start, StandardCharsets.UTF_8))
                .toString();
    }

    // Three bytes from ED A0 80 on, which are no character of UTF-8.
    private int nextHalf(int from) {
        for (int i = from; i < size - 2; i++) {
            if (bytes[i] == (byte) 0xED && (bytes[i + 1] & 0xE0) == 0xA0) {
                return i;
            }
        }
        return size;
    }
}
