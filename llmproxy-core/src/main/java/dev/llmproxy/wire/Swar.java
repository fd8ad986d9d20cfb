package dev.llmproxy.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at eight bytes at once. */
final class Swar {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    /** How many bytes are copied at least. */
    static final int COPIED = 32;

    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Swar() {}

    /** Returns the index of the first byte that is not plain text in a string, or {@code to}. */
    static int endOfPlain(byte[] data, int from, int to) {
        int i = from;
        if (i <= to - 2 * Long.BYTES) {
            // Without a loop, which would take longer to begin than most names are.
            long marks = special(data, i);
            if (marks != 0) {
                return i + first(marks);
            }
            i += Long.BYTES;
            marks = special(data, i);
            if (marks != 0) {
                return i + first(marks);
            }
            i += Long.BYTES;
        }
        while (to - i >= Long.BYTES) {
            long marks = special(data, i);
            if (marks != 0) {
                return i + first(marks);
            }
            i += Long.BYTES;
        }
        while (i < to && isPlain(data[i])) {
            i++;
        }
        return i;
    }

    /** Returns the index of the first byte that is no space, or {@code to}. */
    static int endOfSpaces(byte[] data, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long others = (long) LONGS.get(data, i) ^ (EACH * ' ');
            if (others != 0) {
                return i + first(others);
            }
        }
        while (i < to && data[i] == ' ') {
            i++;
        }
        return i;
    }

    /** Marks quotes, backslashes, controls and bytes beyond ASCII; above the lowest mark there may be false ones. */
    private static long special(byte[] data, int i) {
        long word = (long) LONGS.get(data, i);
        long quotes = word ^ (EACH * '"');
        long backslashes = word ^ (EACH * '\\');
        return (((quotes - EACH) | (backslashes - EACH) | (word - EACH * 0x20)) | word) & HIGH_BITS;
    }

    private static int first(long marks) {
        return Long.numberOfTrailingZeros(marks) >> 3;
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

    /** Returns the next eight bytes, the first one lowest; of a name that ends in them, those before its closing quote. */
    static long upToQuote(byte[] data, int from) {
        long word = (long) LONGS.get(data, from);
        long others = word ^ (EACH * '"');
        long marks = (others - EACH) & ~others & HIGH_BITS;
        // The bits below the lowest mark, or all of them.
        return word & (((marks & -marks) >>> 7) - 1);
    }

    /** Copies a text, and what comes behind it, {@value #COPIED} bytes at least, which both arrays must have. */
    static void copy(byte[] data, int from, byte[] into, int at, int length) {
        LONGS.set(into, at, (long) LONGS.get(data, from));
        LONGS.set(into, at + 8, (long) LONGS.get(data, from + 8));
        LONGS.set(into, at + 16, (long) LONGS.get(data, from + 16));
        LONGS.set(into, at + 24, (long) LONGS.get(data, from + 24));
        if (length > COPIED) {
            System.arraycopy(data, from + COPIED, into, at + COPIED, length - COPIED);
        }
    }

    /** Returns whether two texts are equal in the four bytes from these places on. */
    static boolean equal4(byte[] one, int from, byte[] other, int otherFrom) {
        return (int) INTS.get(one, from) == (int) INTS.get(other, otherFrom);
    }
}
