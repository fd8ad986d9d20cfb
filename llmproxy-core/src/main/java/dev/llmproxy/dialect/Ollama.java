package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;
import org.jspecify.annotations.Nullable;

/** Ollama's own API; what it serves under {@code /v1} is OpenAI's. */
final class Ollama extends Dialect {
    @Override
    public String id() {
        return "ollama";
    }

    @Override
    boolean isServedAt(LlmUrl url) {
        return isGeneration(url) || embedsAt(url);
    }

    private static boolean isGeneration(LlmUrl url) {
        return url.path().endsWith("/api/chat") || url.path().endsWith("/api/generate");
    }

    @Override
    RequestWords requestWords() {
        return RequestWords.OLLAMA;
    }

    @Override
    AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings) {
        return isGeneration(url) ? new OllamaAnswer(facts, findings) : EmbeddingsAnswer.ofAny(facts, findings);
    }

    @Override
    boolean embedsAt(LlmUrl url) {
        return url.path().endsWith("/api/embed") || url.path().endsWith("/api/embeddings");
    }

    @Override
    boolean isSpokenIn(AnswerMarks marks) {
        return (marks.has("created_at") && marks.has("done"))
                || (marks.has("embeddings") && marks.has("total_duration"));
    }

    @Override
    boolean streamsLines(LlmUrl url) {
        return isGeneration(url);
    }

    @Override
    boolean isStreamed(LlmUrl url, @Nullable Boolean stream) {
        return isGeneration(url) && (stream == null || stream);
    }
}
