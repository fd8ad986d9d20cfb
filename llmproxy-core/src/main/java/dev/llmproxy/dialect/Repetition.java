package dev.llmproxy.dialect;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether a text runs in a circle: its end is one unit, again and again. Keeps the last 4 KiB of a long text and
 * nothing of a short one, and looks at them now and then, so that a loop is known before the limit ends it.
 */
final class Repetition {
    private static final int WINDOW = 4 << 10;
    private static final int MASK = WINDOW - 1;
    private static final int KEPT_FROM = 1 << 10;
    private static final int LONGEST_UNIT = 400;
    private static final int LEAST_COUNT = 10;
    private static final int LEAST_LETTERS = 2;

    // Tables and listings repeat a little. A limit that ends it leaves no doubt.
    private static final int LEAST_BYTES = 2 << 10;
    private static final int LEAST_BYTES_CUT = 512;

    private byte @Nullable [] ring;
    private long end;
    private int kept;
    private int unit;
    private int repeated;
    private boolean found;

    /** Takes a piece, and says whether it has shown that the text runs in a circle: once. */
    boolean read(byte[] utf8, int from, int to) {
        if (end + (to - from) < KEPT_FROM) {
            end += to - from;
            return false;
        }
        boolean first = false;
        int at = from;
        while (at < to && !found) {
            int piece = Math.min(to - at, WINDOW - ((int) end & MASK));
            keep(utf8, at, piece);
            at += piece;
            if (((int) end & MASK) == 0) {
                found = isCircle(LEAST_BYTES);
                first = found;
            }
        }
        return first;
    }

    private void keep(byte[] utf8, int from, int length) {
        int at = (int) end & MASK;
        end += length;
        if (end < KEPT_FROM) {
            return;
        }
        byte[] room = roomFor(at, length);
        System.arraycopy(utf8, from, room, at, length);
        ring = room;
        kept = Math.min(WINDOW, kept + length);
    }

    // As long as the text is shorter than the window it lies there as in a ring that is whole.
    private byte[] roomFor(int at, int length) {
        if (ring == null) {
            // What comes in one piece is mostly the whole text.
            return new byte[at == 0 ? length : at + length <= WINDOW / 2 ? WINDOW / 2 : WINDOW];
        }
        return at + length <= ring.length ? ring : Arrays.copyOf(ring, WINDOW);
    }

    /** Ends the text, and says whether its end has shown that it runs in a circle. */
    boolean end(boolean cut) {
        boolean first = !found && isCircle(cut ? LEAST_BYTES_CUT : LEAST_BYTES);
        found |= first;
        return first;
    }

    private boolean isCircle(int least) {
        if (ring == null || kept < least) {
            return false; // As long as too little is kept there is nothing to find.
        }
        byte[] text = ring;
        int last = (int) (end - 1) & MASK;
        byte b = text[last];
        int shortest = LONGEST_UNIT + 1;
        int run = 0;
        for (int length = 1; length <= LONGEST_UNIT; length++) {
            // What is no unit is none when taken several times: its run has the same end and the same letters.
            boolean isKnown = length < run && length % shortest == 0;
            if (!isKnown && text[(last - length) & MASK] == b) {
                int same = length + repeated(text, length);
                if (isUnit(text, length, same, least)) {
                    return true;
                }
                if (same > run) {
                    shortest = length;
                    run = same;
                }
            }
        }
        return false;
    }

    private boolean isUnit(byte[] text, int length, int same, int least) {
        if (same < Math.max(least, LEAST_COUNT * length) || letters(text, length) < LEAST_LETTERS) {
            return false;
        }
        unit = length;
        repeated = same;
        return true;
    }

    // Of a text that does not repeat itself, the first few bytes say so.
    private int repeated(byte[] text, int length) {
        int most = kept - length;
        int same = 0;
        while (same < most && byteAt(text, same) == byteAt(text, same + length)) {
            same++;
        }
        return same;
    }

    private byte byteAt(byte[] text, int fromEnd) {
        return text[(int) (end - 1 - fromEnd) & MASK];
    }

    private int letters(byte[] text, int length) {
        long ascii = 0;
        long others = 0;
        for (int i = 0; i < length; i++) {
            int b = byteAt(text, i);
            int lower = b | 0x20;
            ascii |= lower >= 'a' && lower <= 'z' ? 1L << (lower - 'a') : 0;
            others |= b < 0 ? 1L << (b & 0x3F) : 0;
        }
        return Long.bitCount(ascii) + Long.bitCount(others);
    }

    @Override
    public String toString() {
        return "a unit of " + unit + " bytes, " + repeated / unit + " times up to byte " + end + " of the text";
    }
}
