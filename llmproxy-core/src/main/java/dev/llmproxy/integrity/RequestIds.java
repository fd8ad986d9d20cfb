package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmHeaders;

/** Finds the id under which a provider knows the request: what its support asks for first. */
final class RequestIds {
    private static final String[] NAMES = {
        "x-request-id",
        "request-id",
        "apim-request-id",
        "x-amzn-requestid",
        "x-generation-id",
        "mistral-correlation-id",
        "x-ds-trace-id", // DeepSeek
        "inference-id" // Cerebras
    };

    private RequestIds() {}

    static String in(LlmHeaders headers) {
        for (String name : NAMES) {
            String id = headers.get(name).orElse("");
            if (!id.isEmpty() && id.length() <= 200) {
                return id;
            }
        }
        return "";
    }
}
