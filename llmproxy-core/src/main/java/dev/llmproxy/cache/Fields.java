package dev.llmproxy.cache;

import java.util.Arrays;
import okio.ByteString;

/** Fields in a row, each behind its length: no two rows of fields have the same bytes. */
final class Fields {
    private static final int FIRST_SIZE = 512;
    private static final int MOST_OF_UNIT = 3;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int size;

    /**
     * Adds text. Each of its units is written by itself, as UTF-8 would a character: what is no valid text stays different
     * from all other.
     */
    Fields add(String text) {
        int length = text.length();
        reserve(Integer.BYTES + MOST_OF_UNIT * length);
        byte[] to = bytes;
        int begin = size;
        int end = begin + Integer.BYTES;
        for (int i = 0; i < length; i++) {
            char unit = text.charAt(i);
            if (unit < 0x80) {
                to[end++] = (byte) unit;
            } else {
                end = put(unit, to, end);
            }
        }
        add(end - begin - Integer.BYTES);
        size = end;
        return this;
    }

    private static int put(char unit, byte[] to, int at) {
        int end = at;
        if (unit < 0x800) {
            to[end++] = (byte) (0xc0 | unit >> 6);
        } else {
            to[end++] = (byte) (0xe0 | unit >> 12);
            to[end++] = (byte) (0x80 | (unit >> 6 & 0x3f));
        }
        to[end++] = (byte) (0x80 | (unit & 0x3f));
        return end;
    }

    Fields add(ByteString field) {
        begin(field.size());
        field.copyInto(0, bytes, size, field.size());
        size += field.size();
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

    /** Returns the hash of what lies before one of its sizes. */
    byte[] hash(Hmac hmac, int end) {
        return hmac.of(bytes, 0, end);
    }

    /** Begins a hash of these fields and of others that follow. */
    Hmac.Begun begin(Hmac hmac) {
        return hmac.beginWith(bytes, 0, size);
    }

    /** Ends a hash with these fields. */
    byte[] end(Hmac.Begun begun) {
        return begun.end(bytes, 0, size);
    }
}
