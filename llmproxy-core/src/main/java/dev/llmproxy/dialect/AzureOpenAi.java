package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;
import org.jspecify.annotations.Nullable;

/**
 * One of OpenAI's formats as Azure serves it: under another address, with a deployment in place of the model and filter
 * results in the answers.
 */
final class AzureOpenAi extends Dialect {
    private static final String DEPLOYMENTS = "/openai/deployments/";

    private final Dialect format;

    AzureOpenAi(Dialect format) {
        this.format = format;
    }

    @Override
    public String id() {
        return "azure-openai";
    }

    @Override
    public Dialect wireFormat() {
        return format;
    }

    @Override
    boolean isServedAt(LlmUrl url) {
        return format.isServedAt(url) && (isAzureHost(url.host()) || url.path().contains(DEPLOYMENTS));
    }

    // Not all of azure.com: virtual machines have their names there too.
    private static boolean isAzureHost(String host) {
        return host.endsWith(".openai.azure.com")
                || host.endsWith(".ai.azure.com")
                || host.endsWith(".cognitiveservices.azure.com")
                || host.endsWith(".openai.azure.us")
                || host.endsWith(".openai.azure.cn");
    }

    @Override
    boolean isSpokenIn(AnswerMarks marks) {
        return format.isSpokenIn(marks)
                && (marks.hasHeader("apim-request-id")
                        || marks.hasHeader("x-ms-region")
                        || marks.hasHeader("azureml-model-session")
                        || marks.has("prompt_filter_results"));
    }

    @Override
    RequestWords requestWords() {
        return format.requestWords();
    }

    @Override
    AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings) {
        return format.grammar(url, streamed, facts, findings);
    }

    @Override
    boolean embedsAt(LlmUrl url) {
        return format.embedsAt(url);
    }

    @Override
    boolean isStreamed(LlmUrl url, @Nullable Boolean stream) {
        return format.isStreamed(url, stream);
    }

    @Override
    @Nullable
    UrlText placeOfModel(LlmUrl url) {
        int from = UrlText.after(url.path(), DEPLOYMENTS);
        return UrlText.part(from, url.path().indexOf('/', from));
    }
}
