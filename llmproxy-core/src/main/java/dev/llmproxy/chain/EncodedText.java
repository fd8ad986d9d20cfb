package dev.llmproxy.chain;

import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import okio.Buffer;

/**
 * What a name or an id says where it is Base64, or a row of hexadecimal digits, of a text. Its beginning is not known, for it
 * may stand behind a prefix: it is read from each digit that it may begin with, and nearly all that comes out is noise.
 */
final class EncodedText {
    private static final String MARK = "***";
    private static final int GROUP = 4;
    private static final int BITS = 6;
    private static final int PAIR = 2;
    private static final int HEX_BITS = 4;
    private static final int HEX = 16;

    private EncodedText() {}

    /** Says whether so many readable characters in a row are in it, which random digits hardly ever have. */
    static boolean isIn(String name, int length) {
        return isIn(name, length, GROUP, BITS) || isIn(name, length, PAIR, HEX_BITS);
    }

    private static boolean isIn(String name, int length, int group, int bits) {
        for (int start = 0; start < group; start++) {
            if (longest(name, start, bits) >= length) {
                return true;
            }
        }
        return false;
    }

    private static int longest(String name, int start, int bits) {
        int longest = 0;
        int run = 0;
        int held = 0;
        int count = -start * bits;
        for (int i = 0; i < name.length(); i++) {
            int digit = digit(name.charAt(i), bits);
            if (digit < 0) {
                run = 0;
                count = -start * bits;
                continue;
            }
            held = held << bits | digit;
            count += bits;
            if (count >= Byte.SIZE) {
                count -= Byte.SIZE;
                run = isReadable(held >> count & 0xff) ? run + 1 : 0;
                longest = Math.max(longest, run);
            }
        }
        return longest;
    }

    private static boolean isReadable(int octet) {
        return octet >= ' ' && octet <= '~';
    }

    private static int digit(char c, int bits) {
        return bits == HEX_BITS ? Character.digit(c, HEX) : digit(c);
    }

    private static int digit(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return switch (c) {
            case '+', '-' -> 62;
            case '/', '_' -> 63;
            default -> -1;
        };
    }

    /** Returns a text with a mark in place of each word that may be an encoded text and is one that must not be shown. */
    static String without(String text, Predicate<String> hidden) {
        StringBuilder bare = new StringBuilder(text.length());
        int from = 0;
        while (from < text.length()) {
            int to = from;
            while (to < text.length() && digit(text.charAt(to)) >= 0) {
                to++;
            }
            String word = text.substring(from, to);
            bare.append(isIn(word, Stretches.LENGTH) && hidden.test(word) ? MARK : word);
            if (to < text.length()) {
                bare.append(text.charAt(to));
            }
            from = to + 1;
        }
        return bare.toString();
    }

    /** Returns everything that it may say, noise and all. */
    static String of(String name) {
        Buffer text = new Buffer();
        for (int start = 0; start < GROUP; start++) {
            decode(name, start, BITS, text.writeByte('\n'));
        }
        for (int start = 0; start < PAIR; start++) {
            decode(name, start, HEX_BITS, text.writeByte('\n'));
        }
        return text.readString(StandardCharsets.UTF_8);
    }

    private static void decode(String name, int start, int bits, Buffer to) {
        int held = 0;
        int count = -start * bits;
        for (int i = 0; i < name.length(); i++) {
            int digit = digit(name.charAt(i), bits);
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
}
