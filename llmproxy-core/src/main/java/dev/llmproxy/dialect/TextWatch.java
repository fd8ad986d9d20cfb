package dev.llmproxy.dialect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Counts the characters of a text that comes in pieces, and those among them that should not be there. */
final class TextWatch {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final int REPLACEMENT = 0xFFFD;

    private int codePoint;
    private int missing;
    private boolean highOpen;
    private boolean beyondAscii;
    private long replacements;
    private long nuls;
    private long loneSurrogates;
    private final Mojibake mojibake = new Mojibake();

    /** Reads a piece, which may begin and end inside a character; returns how many characters begin in it. */
    long read(byte[] utf8, int from, int to) {
        long characters = 0;
        int i = from;
        while (i < to) {
            if (utf8[i] > 0) {
                int end = endOfPlain(utf8, i, to);
                closeCharacters();
                characters += end - i;
                i = end;
            } else {
                characters += read(utf8[i]);
                i++;
            }
        }
        return characters;
    }

    private static int endOfPlain(byte[] utf8, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long marks = marks(utf8, i);
            if (marks != 0) {
                return i + (Long.numberOfTrailingZeros(marks) >> 3);
            }
        }
        if (to - from >= Long.BYTES) {
            // The last eight, some of them once more.
            long marks = marks(utf8, to - Long.BYTES);
            return marks == 0 ? to : to - Long.BYTES + (Long.numberOfTrailingZeros(marks) >> 3);
        }
        while (i < to && utf8[i] > 0) {
            i++;
        }
        return i;
    }

    // Marks what is no ASCII, and U+0000; above the lowest mark there may be false ones.
    private static long marks(byte[] utf8, int i) {
        long word = (long) LONGS.get(utf8, i);
        return (word | (word - ONES)) & HIGH_BITS;
    }

    private int read(byte b) {
        if (b == 0) {
            closeCharacters();
            nuls++;
            return 1;
        }
        if ((b & 0xC0) != 0x80) {
            missing = (b & 0xE0) == 0xC0 ? 1 : (b & 0xF0) == 0xE0 ? 2 : 3;
            codePoint = b & (0x3F >> missing);
            return 1;
        }
        codePoint = codePoint << 6 | (b & 0x3F);
        missing--;
        return missing == 0 ? endOfCharacter() : 0;
    }

    // Returns -1 for the second half of a pair, whose first was counted.
    private int endOfCharacter() {
        beyondAscii = true;
        mojibake.character(codePoint);
        if (highOpen && isIn(0xDC00)) {
            highOpen = false;
            return -1;
        }
        closeHigh();
        replacements += codePoint == REPLACEMENT ? 1 : 0;
        highOpen = isIn(0xD800);
        loneSurrogates += isIn(0xDC00) ? 1 : 0;
        return 0;
    }

    private boolean isIn(int surrogates) {
        return codePoint >= surrogates && codePoint < surrogates + 0x400;
    }

    private void closeCharacters() {
        if (beyondAscii) {
            beyondAscii = false;
            closeHigh();
            mojibake.end();
        }
    }

    private void closeHigh() {
        if (highOpen) {
            highOpen = false;
            loneSurrogates++;
        }
    }

    /** Ends the text and tells what was found in it. */
    void end(Findings findings) {
        closeCharacters();
        tell(findings, Rule.TEXT_LONE_SURROGATE, loneSurrogates);
        tell(findings, Rule.TEXT_UFFFD, replacements);
        tell(findings, Rule.TEXT_NUL, nuls);
        if (mojibake.isFound()) {
            findings.found(Rule.TEXT_MOJIBAKE, mojibake.toString());
        }
    }

    private static void tell(Findings findings, Rule rule, long count) {
        if (count > 0) {
            findings.found(rule, count + " in the text");
        }
    }
}
