package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.RequestScan;
import dev.llmproxy.dialect.Rule;

/** Finds what a provider is known to refuse, at its own host. Only told: providers change their minds. */
final class ProviderCheck {
    private static final String[] REASONING_MODELS = {"o1", "o3", "o4", "gpt-5"};

    private ProviderCheck() {}

    static void check(LlmRequest request, RequestScan body, Findings findings) {
        switch (request.url().host()) {
            case "api.anthropic.com" -> anthropic(request, body, findings);
            case "api.openai.com" -> openAi(request, body, findings);
            default -> {}
        }
        String accept = request.headers().get("Accept").orElse("");
        if (!accept.isEmpty()) {
            streamFlag(request, accept, findings);
        }
    }

    private static void anthropic(LlmRequest request, RequestScan body, Findings findings) {
        if (!request.headers().contains("anthropic-version")) {
            findings.found(Rule.REQUEST_MISMATCH, "the header anthropic-version is missing");
        }
        if (!body.hasMaxTokens()) {
            findings.found(Rule.REQUEST_MISMATCH, "max_tokens is missing");
        }
    }

    private static void openAi(LlmRequest request, RequestScan body, Findings findings) {
        boolean older = body.hasMaxTokens() && !body.hasMaxCompletionTokens();
        if (older && request.url().path().endsWith("/chat/completions") && isReasoning(request)) {
            findings.found(Rule.REQUEST_MISMATCH, "max_tokens (expected of this model: max_completion_tokens)");
        }
    }

    private static boolean isReasoning(LlmRequest request) {
        String model = request.model().orElse("");
        for (String known : REASONING_MODELS) {
            if (model.equals(known) || model.startsWith(known + "-")) {
                return !model.contains("chat");
            }
        }
        return false;
    }

    private static void streamFlag(LlmRequest request, String accept, Findings findings) {
        boolean stream = accept.contains("event-stream");
        boolean jsonOnly = accept.equals("application/json");
        if ((stream || jsonOnly) && stream != request.facts().streaming()) {
            findings.found(
                    Rule.REQUEST_STREAM_FLAG,
                    stream
                            ? "Accept asks for a stream, the request does not"
                            : "the request asks for a stream, Accept for JSON");
        }
    }
}
