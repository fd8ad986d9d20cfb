package dev.llmproxy.logging;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.dialect.Redaction;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Headers as they stand in a line. Values are shown of headers that are known to be harmless, and of those that the
 * application names; of all others only that they are there: a key may have any name.
 */
final class HeaderText {
    private static final String HIDDEN = "***";

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

    /** Returns all of them, as they came. */
    String of(LlmHeaders headers) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < headers.size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(headers.name(i))
                    .append(": ")
                    .append(value(headers.name(i), headers.value(i)));
        }
        return text.toString();
    }

    private String value(String name, String value) {
        if (CredentialHeaders.isOne(name) || CredentialHeaders.mayBeKey(name)) {
            return HIDDEN;
        }
        if (IDS.contains(name)) {
            return Redaction.ofId(value);
        }
        return isShown(name) ? Redaction.of(value) : HIDDEN;
    }

    private boolean isShown(String name) {
        if (SHOWN.contains(name) || named.contains(name)) {
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
