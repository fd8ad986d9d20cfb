package dev.llmproxy.call;

import java.util.Objects;

/** What may stand in a header that is sent (RFC 9110, sections 5.1 and 5.5). Messages never show a value. */
final class HeaderRules {
    private HeaderRules() {}

    static void check(String name, String value) {
        checkName(name);
        checkValue(name, value);
    }

    private static void checkName(String name) {
        Objects.requireNonNull(name, "name");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("header name: empty (expected: a token of RFC 9110)");
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isTokenCharacter(name.charAt(i))) {
                throw new IllegalArgumentException(
                        "header name: " + codePoint(name.charAt(i)) + " at " + i + " (expected: a token of RFC 9110)");
            }
        }
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static void checkValue(String name, String value) {
        Objects.requireNonNull(value, "value");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '\t' && (c < ' ' || c > '~')) {
                throw new IllegalArgumentException(
                        name + ": " + codePoint(c) + " at " + i + " (expected: printable ASCII)");
            }
        }
    }

    private static String codePoint(char c) {
        return String.format("U+%04X", (int) c);
    }
}
