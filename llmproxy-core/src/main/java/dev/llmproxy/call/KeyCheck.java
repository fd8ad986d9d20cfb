package dev.llmproxy.call;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with a key by its form. Tells positions and lengths, never a character of it. */
final class KeyCheck {
    private static final List<String> PLACEHOLDER_PARTS = List.of(
            "${", "{{", "your-api-key", "your_api_key", "yourapikey", "your-key", "api-key-here", "insert-key", "...");
    private static final List<String> PLACEHOLDERS =
            List.of("changeme", "change-me", "todo", "api_key", "apikey", "key");

    private KeyCheck() {}

    /** Returns what is wrong, or null. */
    static @Nullable String problemOf(String key) {
        String character = characterProblem(key);
        if (character != null) {
            return character;
        }
        if (key.regionMatches(true, 0, "Bearer", 0, 6)) {
            return "begins with the word Bearer, which is added when the key is sent";
        }
        return isPlaceholder(key) ? "is a placeholder of " + key.length() + " characters, not a key" : null;
    }

    private static @Nullable String characterProblem(String key) {
        for (int i = 0; i < key.length(); i++) {
            String kind = kindOf(key.charAt(i));
            if (kind != null) {
                return "has " + kind + " at position " + (i + 1) + " of " + key.length();
            }
        }
        return null;
    }

    private static @Nullable String kindOf(char c) {
        if (c == '\n' || c == '\r') {
            return "a line break";
        }
        if (c == '"' || c == '\'' || c == '`') {
            return "a quotation mark";
        }
        if (c <= ' ') {
            return "white space or a control character";
        }
        return c > '~' ? "a character outside ASCII" : null;
    }

    private static boolean isPlaceholder(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        for (String part : PLACEHOLDER_PARTS) {
            if (lower.contains(part)) {
                return true;
            }
        }
        return PLACEHOLDERS.contains(lower)
                || (lower.startsWith("<") && lower.endsWith(">"))
                || (lower.length() >= 3 && lower.chars().allMatch(c -> c == 'x'));
    }
}
