package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;

/** Cohere's chat and embeddings, versions 1 and 2. */
final class Cohere extends Dialect {
    @Override
    public String id() {
        return "cohere";
    }

    @Override
    boolean isServedAt(LlmUrl url) {
        String path = url.path();
        return (path.endsWith("/v2/chat") && !path.endsWith("/open_api/v2/chat")) // Coze's
                || path.endsWith("/v2/embed")
                // Names that others use as well.
                || ((path.endsWith("/v1/chat") || path.endsWith("/v1/embed"))
                        && url.host().contains("cohere"));
    }

    @Override
    boolean streamsLines(LlmUrl url) {
        return url.path().endsWith("/v1/chat");
    }

    @Override
    RequestWords requestWords() {
        return RequestWords.COHERE;
    }

    @Override
    AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings) {
        if (embedsAt(url)) {
            return EmbeddingsAnswer.ofVectors(facts, findings);
        }
        if (!streamed) {
            return new CohereAnswer(facts, findings);
        }
        return url.path().endsWith("/v1/chat")
                ? new CohereV1Stream(facts, findings)
                : new CohereStream(facts, findings);
    }

    @Override
    boolean embedsAt(LlmUrl url) {
        return url.path().endsWith("/embed");
    }

    @Override
    boolean isSpokenIn(AnswerMarks marks) {
        return marks.text("type").startsWith("message-")
                || marks.text("event_type").contains("-") // Google names its own with dots.
                || isFinished(marks)
                || (marks.has("embeddings") && marks.text("response_type").startsWith("embeddings_"));
    }

    private static boolean isFinished(AnswerMarks marks) {
        String reason = marks.text("finish_reason");
        return !reason.isEmpty() && Character.isUpperCase(reason.charAt(0)) && !marks.has("choices");
    }
}
