package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;
import org.jspecify.annotations.Nullable;

/** OpenAI's embeddings. */
final class OpenAiEmbeddings extends Dialect {
    @Override
    public String id() {
        return "openai-embeddings";
    }

    @Override
    boolean isServedAt(LlmUrl url) {
        return url.path().endsWith("/embeddings");
    }

    @Override
    AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings) {
        return new OpenAiEmbeddingsAnswer(facts, findings);
    }

    @Override
    boolean embedsAt(LlmUrl url) {
        return true;
    }

    @Override
    boolean isStreamed(LlmUrl url, @Nullable Boolean stream) {
        return false;
    }

    @Override
    boolean isSpokenIn(AnswerMarks marks) {
        return marks.has("data.embedding");
    }
}
