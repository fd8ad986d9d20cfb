package dev.llmproxy.micrometer;

import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.call.RequestFacts.Embedding;
import dev.llmproxy.dialect.Vendor;
import java.util.Map;

/** What OpenTelemetry calls the operations and the providers of this library's dialects. */
final class Api {
    /** A form of a call: its answer is asked for as a stream. */
    static final int STREAM = 1;

    /** A form of a call: it asks for vectors. */
    static final int EMBEDDING = 2;

    private static final String CHAT = "chat";
    private static final String EMBEDDINGS = "embeddings";
    private static final String AZURE_OPENAI = "azure-openai";

    // One format may be spoken at several, and a vendor may have several.
    private static final Map<String, String> PROVIDERS_BY_HOST = Map.of(
            "aiplatform.googleapis.com", "gcp.vertex_ai",
            "generativelanguage.googleapis.com", "gcp.gemini",
            "openai.azure.com", "azure.ai.openai",
            "api.moonshot.ai", "moonshot_ai",
            "api.moonshot.cn", "moonshot_ai",
            "ml.cloud.ibm.com", "ibm.watsonx.ai");

    private static final Map<String, String> OPERATIONS = Map.of(
            "openai-completions", "text_completion",
            "openai-embeddings", EMBEDDINGS,
            "gemini", "generate_content");

    private static final Map<String, String> PROVIDERS_BY_VENDOR = Map.of(
            "OpenAI", "openai",
            "Anthropic", "anthropic",
            "Groq", "groq",
            "xAI", "x_ai",
            "Mistral", "mistral_ai",
            "DeepSeek", "deepseek",
            "Cohere", "cohere",
            "Perplexity", "perplexity",
            "Azure", "azure.ai.inference",
            "Amazon", "aws.bedrock");

    private static final Map<String, String> PROVIDERS_BY_DIALECT = Map.of(
            "openai-chat",
            "openai",
            "openai-responses",
            "openai",
            "openai-completions",
            "openai",
            "openai-embeddings",
            "openai",
            AZURE_OPENAI,
            "azure.ai.openai",
            "gemini",
            "gcp.gemini",
            "bedrock",
            "aws.bedrock");

    private Api() {}

    /** Returns the form of a call, as far as it makes another operation of it. */
    static int form(RequestFacts facts) {
        return facts.embedding().inputs() == Embedding.UNKNOWN ? 0 : EMBEDDING;
    }

    static String operation(String dialect, int form) {
        if (dialect.isEmpty()) {
            return LlmTag.OTHER;
        }
        return (form & EMBEDDING) != 0 ? EMBEDDINGS : OPERATIONS.getOrDefault(dialect, CHAT);
    }

    /** Returns who serves a host, or whose format it speaks where that is not known. */
    static String provider(String host, String dialect) {
        if (dialect.equals(AZURE_OPENAI)) {
            return PROVIDERS_BY_DIALECT.getOrDefault(dialect, dialect);
        }
        return PROVIDERS_BY_HOST.entrySet().stream()
                .filter(known -> host.endsWith(known.getKey()))
                .findFirst()
                .map(Map.Entry::getValue)
                .or(() -> Vendor.at(host).map(vendor -> PROVIDERS_BY_VENDOR.get(vendor.name())))
                .orElseGet(() -> PROVIDERS_BY_DIALECT.getOrDefault(dialect, dialect));
    }
}
