package dev.llmproxy.integrity;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.Vendor;
import org.jspecify.annotations.Nullable;

/** Looks at the keys of a request as it is sent, at providers' own hosts: elsewhere a relay may take anybody's. */
final class KeyOwner {
    private KeyOwner() {}

    static void check(LlmRequest request, boolean first, Findings findings) {
        Vendor host = Vendor.alone(request.url().host()).orElse(null);
        if (host == null) {
            return;
        }
        Vendor owner = otherOwner(request.headers(), host);
        if (owner != null) {
            findings.found(Rule.REQUEST_KEY, "a key of " + owner.name() + " on its way to " + host.name());
        } else if (first && host.domain().equals("api.openai.com") && hasOnlyXApiKey(request.headers())) {
            findings.found(Rule.REQUEST_MISMATCH, "the key is in x-api-key (expected: Authorization)");
        }
    }

    // Certain only if no other key is there that may be the right one.
    private static @Nullable Vendor otherOwner(LlmHeaders headers, Vendor host) {
        Vendor owner = null;
        for (int i = 0, size = headers.size(); i < size; i++) {
            if (CredentialHeaders.isOne(headers.name(i))) {
                String value = headers.value(i);
                owner = Vendor.ofKey(value, value.lastIndexOf(' ') + 1).orElse(null);
                if (owner == null || owner.equals(host)) {
                    return null;
                }
            }
        }
        return owner;
    }

    private static boolean hasOnlyXApiKey(LlmHeaders headers) {
        return headers.contains("x-api-key") && !headers.contains("Authorization");
    }
}
