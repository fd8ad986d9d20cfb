package dev.llmproxy.dialect;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds a part of a path and reads it as it was meant before it was escaped. */
final class UrlText {
    private UrlText() {}

    /** Returns where the text after a marker begins, or -1 when the marker is missing. */
    static int after(String path, String marker) {
        int start = path.indexOf(marker);
        return start < 0 ? -1 : start + marker.length();
    }

    static @Nullable String part(String path, int from, int to) {
        return from < 0 || from >= to ? null : decode(path.substring(from, to));
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
}
