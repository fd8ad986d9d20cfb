package dev.llmproxy.integrity;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Rule;

/** Finds characters that a header cannot have. Tells their place, never a value: it may be a key. */
final class HeaderCheck {
    private static final int LONGEST_NAME = 64;

    private HeaderCheck() {}

    static void check(LlmHeaders headers, Findings findings) {
        for (int i = 0, size = headers.size(); i < size; i++) {
            String value = headers.value(i);
            int odd = firstOdd(value);
            if (odd < value.length()) {
                tellOdd(headers.name(i), value, odd, i, findings);
            } else if (!value.isEmpty() && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)))) {
                String detail = nameOf(headers.name(i), i) + " begins or ends with a blank";
                findings.found(Rule.REQUEST_HEADER_CHARS, Rule.Severity.WARNING, detail);
            }
        }
    }

    private static int firstOdd(String value) {
        int i = 0;
        while (i < value.length() && isPrintable(value.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isPrintable(char c) {
        return (c >= ' ' && c <= '~') || c == '\t';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    // A control character ends a header or smuggles another in. Text beyond ASCII is read by some servers, but in no
    // key.
    private static void tellOdd(String name, String value, int at, int index, Findings findings) {
        boolean control = value.charAt(at) < 0x80;
        Rule.Severity severity = control || CredentialHeaders.isOne(name) ? Rule.Severity.ERROR : Rule.Severity.WARNING;
        String kind = control ? "a control character" : "a character outside ASCII";
        findings.found(
                Rule.REQUEST_HEADER_CHARS,
                severity,
                nameOf(name, index) + " has " + kind + " at position " + (at + 1) + " of " + value.length());
    }

    private static String nameOf(String name, int index) {
        boolean fit = name.length() <= LONGEST_NAME && firstOdd(name) == name.length();
        return fit ? name : "header " + (index + 1);
    }
}
