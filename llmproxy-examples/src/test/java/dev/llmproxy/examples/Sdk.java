package dev.llmproxy.examples;

import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** The SDKs of the table. */
enum Sdk {
    OPENAI("openai-java", Api.OPENAI),
    ANTHROPIC("anthropic-java", Api.ANTHROPIC),
    LANGCHAIN4J_OPENAI("LangChain4j, OpenAI", Api.OPENAI),
    LANGCHAIN4J_ANTHROPIC("LangChain4j, Anthropic", Api.ANTHROPIC),
    GOOGLE_GENAI("google-genai", Api.GEMINI);

    private final String title;
    private final Api api;

    Sdk(String title, Api api) {
        this.title = title;
        this.api = api;
    }

    Api api() {
        return api;
    }

    Talk open(Setup setup) {
        return switch (this) {
            case OPENAI -> new OpenAiTalk(setup);
            case ANTHROPIC -> new AnthropicTalk(setup);
            case LANGCHAIN4J_OPENAI -> LangChain4jTalk.openAi(setup);
            case LANGCHAIN4J_ANTHROPIC -> LangChain4jTalk.anthropic(setup);
            case GOOGLE_GENAI -> new GenAiTalk(setup);
        };
    }

    @Override
    public String toString() {
        return title;
    }

    /**
     * How an SDK is set up.
     *
     * @param wrapped its client, or null for its own
     * @param url where the provider is
     * @param retrying whether its retries are left on
     */
    record Setup(@Nullable OkHttpClient wrapped, String url, boolean retrying) {}
}
