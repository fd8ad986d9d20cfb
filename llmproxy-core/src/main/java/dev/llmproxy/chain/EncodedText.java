package dev.llmproxy.chain;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;
import okio.Buffer;

/**
 * What a name or an id says where it is Base64, or a row of hexadecimal digits, of a text. Its beginning is not known, for it
 * may stand behind a prefix: it is read from each digit that it may begin with, and nearly all that comes out is noise.
 */
final class EncodedText {
    // Of an octet of ASCII the first bit is 0: it is in the first digit of a group, the second and the third.
    private static final EncodedText BASE64 = new EncodedText(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4, 0x20, 0x8, 0x2, 0);
    private static final EncodedText HEX = new EncodedText("0123456789abcdef", 4, 2, 0x8, 0);
    private static final EncodedText[] ALL = {BASE64, HEX};

    private static final String MARK = "***";
    private static final int ASCII = 128;

    private final byte[] digits = new byte[ASCII];
    private final int bits;
    private final int group;
    private final int[] firstBits;
    // How many digits it takes to say something.
    private final int shortest;

    private EncodedText(String alphabet, int bits, int group, int... firstBits) {
        this.bits = bits;
        this.group = group;
        this.firstBits = firstBits;
        this.shortest = Stretches.LENGTH * Byte.SIZE / bits;
        Arrays.fill(digits, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            digits[alphabet.charAt(i)] = (byte) i;
        }
        if (bits == 4) {
            for (char c = 'A'; c <= 'F'; c++) {
                digits[c] = digits[c | ' '];
            }
        } else {
            digits['-'] = digits['+'];
            digits['_'] = digits['/'];
        }
    }

    private int digit(char c) {
        return c < ASCII ? digits[c] : -1;
    }

    /** Says whether enough characters of ASCII in a row may be in a name, which random digits seldom have. */
    static boolean mayBeIn(String name) {
        for (EncodedText each : ALL) {
            for (int start = 0; start < each.group; start++) {
                if (each.hasRow(name, start)) {
                    return true;
                }
            }
        }
        return false;
    }

    // From the end of each row that there may be: where that fails, no row has the failing digit in it.
    private boolean hasRow(String name, int start) {
        int from = 0;
        while (from + shortest <= name.length()) {
            int i = from + shortest - 1;
            while (i >= from && mayBeText(name.charAt(i), i + group - start)) {
                i--;
            }
            if (i < from) {
                return true;
            }
            from = i + 1;
        }
        return false;
    }

    private boolean mayBeText(char c, int place) {
        int digit = digit(c);
        return digit >= 0 && (digit & firstBits[place & (group - 1)]) == 0;
    }

    /** Returns everything that a name may say, noise and all. */
    static String of(String name) {
        Buffer text = new Buffer();
        for (EncodedText each : ALL) {
            for (int start = 0; start < each.group; start++) {
                each.decode(name, start, text.writeByte('\n'));
            }
        }
        return text.readString(StandardCharsets.UTF_8);
    }

    private void decode(String name, int start, Buffer to) {
        int held = 0;
        int count = -start * bits;
        for (int i = 0; i < name.length(); i++) {
            int digit = digit(name.charAt(i));
            if (digit < 0) {
                count = -start * bits;
                continue;
            }
            held = held << bits | digit;
            count += bits;
            if (count >= Byte.SIZE) {
                count -= Byte.SIZE;
                to.writeByte(held >> count & 0xff);
            }
        }
    }

    /** Returns a text with a mark in place of each word that may be an encoded text and is one that must not be shown. */
    static String without(String text, Predicate<String> hidden) {
        StringBuilder bare = new StringBuilder(text.length());
        int from = 0;
        while (from < text.length()) {
            int to = from;
            while (to < text.length() && BASE64.digit(text.charAt(to)) >= 0) {
                to++;
            }
            String word = text.substring(from, to);
            bare.append(mayBeIn(word) && hidden.test(word) ? MARK : word);
            if (to < text.length()) {
                bare.append(text.charAt(to));
            }
            from = to + 1;
        }
        return bare.toString();
    }

    @Override
    public String toString() {
        return bits == HEX.bits ? "hexadecimal digits" : "Base64";
    }
}
