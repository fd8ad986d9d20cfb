package dev.llmproxy.examples;

import java.util.function.Function;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** The SDKs of the table. */
enum Sdk {
    OPENAI("openai-java", Api.OPENAI, OpenAiTalk::new),
    ANTHROPIC("anthropic-java", Api.ANTHROPIC, AnthropicTalk::new),
    LANGCHAIN4J_OPENAI("LangChain4j, OpenAI", Api.OPENAI, LangChain4jTalk::openAi),
    LANGCHAIN4J_ANTHROPIC("LangChain4j, Anthropic", Api.ANTHROPIC, LangChain4jTalk::anthropic),
    GOOGLE_GENAI("google-genai", Api.GEMINI, GenAiTalk::new);

    private final String title;
    private final Api api;
    private final Function<Setup, Talk> talk;

    Sdk(String title, Api api, Function<Setup, Talk> talk) {
        this.title = title;
        this.api = api;
        this.talk = talk;
    }

    Api api() {
        return api;
    }

    Talk open(Setup setup) {
        return talk.apply(setup);
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
