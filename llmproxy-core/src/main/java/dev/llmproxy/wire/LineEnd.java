package dev.llmproxy.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the end of a line, eight bytes at a time. */
final class LineEnd {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long SIXTEENS = 0x1010101010101010L;

    private LineEnd() {}

    /** Returns the index of the next CR or LF, or {@code to} where there is none. */
    static int find(byte[] data, int from, int to) {
        int i = from;
        while (i < to) {
            i = control(data, i, to);
            if (i == to || isEnd(data[i])) {
                return i;
            }
            i++;
        }
        return to;
    }

    // Both ends are control characters, which are rare: one test for all bytes below 16 finds either.
    private static int control(byte[] data, int from, int to) {
        int i = from;
        for (; i <= to - 32; i += 32) {
            long first = below16((long) LONGS.get(data, i)) | below16((long) LONGS.get(data, i + 8));
            long second = below16((long) LONGS.get(data, i + 16)) | below16((long) LONGS.get(data, i + 24));
            if ((first | second) != 0) {
                break;
            }
        }
        for (; i <= to - 8; i += 8) {
            long marks = below16((long) LONGS.get(data, i));
            if (marks != 0) {
                return i + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
        }
        while (i < to && (data[i] & 0xf0) != 0) {
            i++;
        }
        return i;
    }

    static boolean isEnd(byte b) {
        return b == '\n' || b == '\r';
    }

    // The lowest byte that it marks is one; those above may be marked wrongly, by the borrow.
    private static long below16(long word) {
        return (word - SIXTEENS) & ~word & HIGH_BITS;
    }
}
