package dev.llmproxy.logging;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.dialect.Redaction;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Headers as they stand in a line. Values are shown of headers that are known to be harmless, and of those that the
 * application names; of all others only that they are there: a key may have any name.
 */
final class HeaderText {
    private static final String HIDDEN = "***";
    private static final int FIRST_BEYOND_ASCII = 0x80;
    // What is shorter is hardly a part of a prompt.
    private static final int SHORTEST_ECHO = 12;

    private static final Set<String> IDS = setOf(
            "apim-request-id",
            "cf-ray",
            "idempotency-key",
            "request-id",
            "x-amzn-requestid",
            "x-client-request-id",
            "x-ms-request-id",
            "x-request-id");

    private static final Set<String> SHOWN = setOf(
            "accept",
            "accept-encoding",
            "age",
            "anthropic-beta",
            "anthropic-version",
            "cache-control",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "date",
            "expect",
            "keep-alive",
            "openai-model",
            "openai-processing-ms",
            "openai-version",
            "retry-after",
            "retry-after-ms",
            "server",
            "traceparent",
            "transfer-encoding",
            "user-agent",
            "vary",
            "via",
            "x-cache",
            "x-ms-region",
            "x-should-retry");

    private static final String[] SHOWN_BEGINNINGS = {
        "anthropic-ratelimit-", "ratelimit", "x-ratelimit-", "x-stainless-"
    };

    private final Set<String> named;

    HeaderText(Set<String> named) {
        this.named = named;
    }

    private static Set<String> setOf(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(Set.of(names));
        return set;
    }

    /** Returns those of a request, as the application set them. */
    String of(LlmHeaders headers) {
        return of(headers, UnaryOperator.identity());
    }

    /**
     * Returns all of them, as they came.
     *
     * @param bare takes out of a text what the request says too
     */
    String of(LlmHeaders headers, UnaryOperator<String> bare) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < headers.size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(bare(headers.name(i), bare))
                    .append(": ")
                    .append(bare(value(headers.name(i), headers.value(i)), bare));
        }
        return text.toString();
    }

    private static String bare(String text, UnaryOperator<String> bare) {
        return text.length() < SHORTEST_ECHO ? text : bare.apply(text);
    }

    private String value(String name, String value) {
        if (CredentialHeaders.isOne(name) || CredentialHeaders.mayBeKey(name)) {
            return HIDDEN;
        }
        if (IDS.contains(name)) {
            return Redaction.ofId(value);
        }
        return named.contains(name) || (isShown(name) && isAscii(value)) ? Redaction.of(value) : HIDDEN;
    }

    // No such header has any other letters: it echoes something.
    private static boolean isAscii(String value) {
        return value.chars().allMatch(c -> c < FIRST_BEYOND_ASCII);
    }

    private boolean isShown(String name) {
        if (SHOWN.contains(name)) {
            return true;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        for (String beginning : SHOWN_BEGINNINGS) {
            if (lower.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }
}
