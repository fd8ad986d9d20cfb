package dev.llmproxy.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds where the plain characters of a JSON string end, eight bytes at a time. */
public final class StringEnd {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;

    private StringEnd() {}

    /**
     * Finds the next quote or backslash.
     *
     * @param data holds the text
     * @param from where to begin
     * @param to where to end
     * @return its index, or {@code to} where there is none
     */
    public static int find(byte[] data, int from, int to) {
        int i = from;
        while (i <= to - 8) {
            long word = (long) LONGS.get(data, i);
            long hits = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES);
            if (hits != 0) {
                return i + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
            i += 8;
        }
        while (i < to && data[i] != '"' && data[i] != '\\') {
            i++;
        }
        return i;
    }

    // The lowest byte that it marks is zero; those above may be marked wrongly, by the borrow.
    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }
}
