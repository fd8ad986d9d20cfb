package dev.llmproxy.cache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okio.ByteString;

/** Fields in a row, each behind its length: no two rows of fields have the same bytes. */
final class Fields {
    private static final int FIRST_SIZE = 512;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int size;

    Fields add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    Fields add(ByteString field) {
        begin(field.size());
        field.copyInto(0, bytes, size, field.size());
        size += field.size();
        return this;
    }

    private Fields add(byte[] field) {
        begin(field.length);
        System.arraycopy(field, 0, bytes, size, field.length);
        size += field.length;
        return this;
    }

    /** Adds a number: of the fields that follow and belong together, or a kind. */
    Fields add(int number) {
        reserve(Integer.BYTES);
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[size++] = (byte) (number >> shift);
        }
        return this;
    }

    private void begin(int length) {
        reserve(Integer.BYTES + length);
        add(length);
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }

    int size() {
        return size;
    }

    /** Returns the hash of what lies between two of its sizes. */
    byte[] hash(Hmac hmac, int from, int to) {
        return hmac.of(bytes, from, to);
    }
}
