package dev.llmproxy.dialect;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A part of a path, and what it says before it was escaped.
 *
 * @param from where it begins
 * @param to where it ends
 */
record UrlText(int from, int to) {
    private static final String UNESCAPED = "-._~:@";
    private static final String HEX = "0123456789ABCDEF";

    /** Returns where the text after a marker begins, or -1 when the marker is missing. */
    static int after(String path, String marker) {
        int start = path.indexOf(marker);
        return start < 0 ? -1 : start + marker.length();
    }

    /** Returns a part, or null where there is none. */
    static @Nullable UrlText part(int from, int to) {
        return from < 0 || from >= to ? null : new UrlText(from, to);
    }

    /** Returns what the part says. */
    String in(String path) {
        return decode(path.substring(from, to));
    }

    /** Returns the path with another text in place of the part. */
    String replaced(String path, String text) {
        return path.substring(0, from) + encode(text) + path.substring(to);
    }

    private static String decode(String part) {
        if (part.indexOf('%') < 0) {
            return part;
        }
        try {
            // The decoder is one of forms, where a plus is a blank.
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return part;
        }
    }

    /** Returns a text as one segment of a path. */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isUnescaped(b)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.charAt(b >> 4 & 0xf)).append(HEX.charAt(b & 0xf));
            }
        }
        return encoded.toString();
    }

    // As providers write the names of their models: colons and the like stand as they are.
    private static boolean isUnescaped(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || UNESCAPED.indexOf(b) >= 0;
    }
}
