package dev.llmproxy.chain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import okio.ByteString;

/**
 * A key, found again in a text in whatever form: as it is, in the escapes of URLs, JSON and HTML, in hexadecimal digits, or
 * in Base64, alone or behind the name of a user or scheme.
 */
final class EchoedKey {
    private static final String MARK = "***";
    private static final int SHORTEST_TAIL = 12;
    private static final int MOST_STROKES = 4;
    private static final int LONGEST_ENTITY = 8;
    private static final int HEX = 16;
    private static final int GROUP = 3;
    private static final int BITS = 6;

    // The key itself, and what remains of it without the beginning that it shares with others.
    private final List<String> spelled = new ArrayList<>();
    private final Set<String> encoded = new LinkedHashSet<>();

    EchoedKey(String key) {
        spelled.add(key);
        int tail = Math.max(key.lastIndexOf('-'), key.lastIndexOf('_')) + 1;
        if (tail > 0 && key.length() - tail >= SHORTEST_TAIL) {
            spelled.add(key.substring(tail));
        }
        ByteString bytes = ByteString.encodeUtf8(key);
        spelled.add(bytes.hex());
        for (int before = 0; before < GROUP; before++) {
            encoded.add(base64(bytes, before));
        }
        for (String plain : List.copyOf(encoded)) {
            encoded.add(plain.replace('+', '-').replace('/', '_'));
        }
    }

    // The digits that the key alone decides: those at its ends hold bits of what stands beside it.
    private static String base64(ByteString key, int before) {
        byte[] shifted = new byte[before + key.size()];
        System.arraycopy(key.toByteArray(), 0, shifted, before, key.size());
        int from = (before * Byte.SIZE + BITS - 1) / BITS;
        return ByteString.of(shifted).base64().substring(from, shifted.length * Byte.SIZE / BITS);
    }

    /** Returns a body without the key; the same one where it is not in it. */
    ByteString without(ByteString body) {
        String text = body.string(StandardCharsets.UTF_8);
        String bare = text;
        for (String form : spelled) {
            bare = withoutSpelled(form, bare);
        }
        for (String form : encoded) {
            bare = bare.replace(form, MARK);
        }
        return bare.equals(text) ? body : ByteString.encodeUtf8(bare);
    }

    private static String withoutSpelled(String form, String text) {
        StringBuilder bare = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            int end = endOf(form, text, i);
            if (end > i) {
                bare.append(MARK);
                i = end;
            } else {
                bare.append(text.charAt(i));
                i++;
            }
        }
        return bare.toString();
    }

    /** Returns where a form ends that begins here, or -1. */
    private static int endOf(String form, String text, int from) {
        int at = from;
        for (int k = 0; k < form.length() && at >= 0; k++) {
            at = after(form.charAt(k), text, at);
        }
        return at;
    }

    /** Returns the place after a character that stands here in any spelling, or -1. */
    private static int after(char c, String text, int at) {
        if (at >= text.length()) {
            return -1;
        }
        char there = text.charAt(at);
        return switch (there) {
            case '%' -> hex(c, text, at + 1, at + 3);
            case '\\' -> escaped(c, text, at);
            case '&' -> entity(c, text, at);
            default -> isSame(c, there) ? at + 1 : -1;
        };
    }

    // An escape of JSON within a text that is escaped again has several strokes.
    private static int escaped(char c, String text, int at) {
        int u = at;
        while (u - at < MOST_STROKES && u < text.length() && text.charAt(u) == '\\') {
            u++;
        }
        return u < text.length() && text.charAt(u) == 'u' ? hex(c, text, u + 1, u + 5) : -1;
    }

    private static int entity(char c, String text, int at) {
        if (!text.startsWith("&#", at)) {
            return -1;
        }
        int end =
                text.substring(at, Math.min(text.length(), at + LONGEST_ENTITY)).indexOf(';') + at;
        if (end < at + 2) {
            return -1;
        }
        String code = text.substring(at + 2, end).toLowerCase(Locale.ROOT);
        boolean isHex = code.startsWith("x");
        return isSame(c, number(isHex ? code.substring(1) : code, isHex ? HEX : 10)) ? end + 1 : -1;
    }

    private static int hex(char c, String text, int from, int to) {
        return to <= text.length() && isSame(c, number(text.substring(from, to), HEX)) ? to : -1;
    }

    private static int number(String digits, int radix) {
        try {
            return Integer.parseInt(digits, radix);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    // A key in capitals is as good as written out.
    private static boolean isSame(char c, int there) {
        return c == there || Character.toLowerCase(c) == Character.toLowerCase(there);
    }
}
