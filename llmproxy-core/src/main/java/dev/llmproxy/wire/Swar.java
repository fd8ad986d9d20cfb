package dev.llmproxy.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at eight bytes at once. */
final class Swar {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Swar() {}

    /** Returns the index of the first byte that is not plain text in a string, or {@code to}. */
    static int endOfPlain(byte[] data, int from, int to) {
        int i = from;
        while (to - i >= Long.BYTES) {
            long marks = special((long) LONGS.get(data, i));
            if (marks != 0) {
                return i + (Long.numberOfTrailingZeros(marks) >> 3);
            }
            i += Long.BYTES;
        }
        while (i < to && isPlain(data[i])) {
            i++;
        }
        return i;
    }

    /** Marks quotes, backslashes, controls and bytes beyond ASCII; above the lowest mark there may be false ones. */
    private static long special(long word) {
        long quotes = word ^ (EACH * '"');
        long backslashes = word ^ (EACH * '\\');
        return (((quotes - EACH) | (backslashes - EACH) | (word - EACH * 0x20)) | word) & HIGH_BITS;
    }

    private static boolean isPlain(byte b) {
        return b >= 0x20 && b != '"' && b != '\\';
    }

    /** Returns the first bytes of a text, eight at most, the first one lowest. */
    static long word(byte[] data, int from, int to) {
        int length = to - from;
        if (length >= Long.BYTES) {
            return (long) LONGS.get(data, from);
        }
        if (from <= data.length - Long.BYTES) {
            return (long) LONGS.get(data, from) & ((1L << (length << 3)) - 1);
        }
        long word = 0;
        for (int i = to - 1; i >= from; i--) {
            word = (word << 8) | (data[i] & 0xff);
        }
        return word;
    }

    /** Returns whether two texts are equal in the four bytes from these places on. */
    static boolean equal4(byte[] one, int from, byte[] other, int otherFrom) {
        return (int) INTS.get(one, from) == (int) INTS.get(other, otherFrom);
    }
}
