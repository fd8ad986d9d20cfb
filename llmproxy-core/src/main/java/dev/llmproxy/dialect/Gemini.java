package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;
import org.jspecify.annotations.Nullable;

/** Google's Gemini, of the developer API and of Vertex. */
final class Gemini extends Dialect {
    @Override
    public String id() {
        return "gemini";
    }

    @Override
    boolean isServedAt(LlmUrl url) {
        // Another API of Google's wraps all of it in an object of its own.
        return !url.path().contains("/v1internal:") && (isGeneration(url) || embedsAt(url));
    }

    private static boolean isGeneration(LlmUrl url) {
        return url.path().endsWith(":generateContent") || url.path().endsWith(":streamGenerateContent");
    }

    @Override
    RequestWords requestWords() {
        return RequestWords.GEMINI;
    }

    @Override
    AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings) {
        return embedsAt(url) ? EmbeddingsAnswer.ofVectors(facts, findings) : new GeminiAnswer(facts, findings);
    }

    @Override
    boolean embedsAt(LlmUrl url) {
        return url.path().endsWith(":embedContent") || url.path().endsWith(":batchEmbedContents");
    }

    @Override
    boolean isSpokenIn(AnswerMarks marks) {
        return marks.has("candidates")
                || marks.has("promptFeedback")
                || marks.has("usageMetadata")
                || marks.has("embedding.values")
                || marks.has("embeddings.values");
    }

    @Override
    @Nullable
    UrlText placeOfModel(LlmUrl url) {
        String path = url.path();
        return UrlText.part(path.lastIndexOf('/') + 1, path.lastIndexOf(':'));
    }

    @Override
    public boolean repeatsModel(LlmUrl url) {
        return embedsAt(url);
    }

    @Override
    boolean streamsArrays(LlmUrl url) {
        return url.path().endsWith(":streamGenerateContent");
    }

    @Override
    boolean isStreamed(LlmUrl url, @Nullable Boolean stream) {
        return url.path().endsWith(":streamGenerateContent");
    }
}
