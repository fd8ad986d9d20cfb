package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmUrl;

/** The hosts at which a vendor serves its own models, and nothing else: what answers there has no reason to be vague. */
final class Vendors {
    private static final String[] HOSTS = {"api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com"};

    private Vendors() {}

    static boolean serve(LlmUrl url) {
        String host = url.host();
        for (String known : HOSTS) {
            if (known.equals(host)) {
                return true;
            }
        }
        return false;
    }
}
