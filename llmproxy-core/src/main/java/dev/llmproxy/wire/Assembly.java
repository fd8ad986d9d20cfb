package dev.llmproxy.wire;

import java.util.Arrays;

/**
 * A buffer in which bytes that came in pieces are put together, used again and again. Its owner bounds what it appends;
 * what was needed for one large event is given back.
 */
final class Assembly {
    private static final int SMALL = 1 << 10;
    private static final int LARGEST_KEPT = 64 << 10;
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int size;

    /** Returns the array; the bytes in it stay until the next one is appended, also when the buffer is cleared. */
    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void append(byte[] data, int from, int to) {
        int length = to - from;
        ensure(length);
        System.arraycopy(data, from, bytes, size, length);
        size += length;
    }

    void append(byte b) {
        ensure(1);
        bytes[size] = b;
        size++;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), Math.max(SMALL, doubled())));
        }
    }

    private int doubled() {
        return (int) Math.min(2L * size, Integer.MAX_VALUE - 8);
    }

    void clear() {
        size = 0;
        if (bytes.length > LARGEST_KEPT) {
            bytes = NOTHING;
        }
    }
}
