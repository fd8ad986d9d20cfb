package dev.llmproxy.integrity;

import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.Rule.Severity;

/** How large a request may be at the providers that say so. Elsewhere nothing is known, and nothing is said. */
final class SizeLimits {
    private static final long MIB = 1L << 20;
    private static final long ANTHROPIC = 32 * MIB;
    // Said of some models only.
    private static final long BEDROCK = 20 * MIB;

    private SizeLimits() {}

    static void check(String host, long bytes, Findings findings) {
        if (bytes > ANTHROPIC && host.equals("api.anthropic.com")) {
            tell(ANTHROPIC, Severity.ERROR, bytes, findings);
        } else if (bytes > BEDROCK && host.startsWith("bedrock-runtime.") && host.endsWith(".amazonaws.com")) {
            tell(BEDROCK, Severity.WARNING, bytes, findings);
        }
    }

    private static void tell(long limit, Severity severity, long bytes, Findings findings) {
        findings.found(Rule.REQUEST_SIZE, severity, bytes + " bytes, and the provider takes " + limit);
    }
}
