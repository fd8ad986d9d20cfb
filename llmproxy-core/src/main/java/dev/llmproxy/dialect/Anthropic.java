package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;
import org.jspecify.annotations.Nullable;

/** Anthropic's messages, also as Google's Vertex serves them. */
final class Anthropic extends Dialect {
    private static final String VERTEX_MODELS = "/publishers/anthropic/models/";
    private static final String VERTEX_COUNT = VERTEX_MODELS + "count-tokens:rawPredict";

    @Override
    public String id() {
        return "anthropic";
    }

    @Override
    boolean isServedAt(LlmUrl url) {
        return url.path().endsWith("/v1/messages") || isVertex(url);
    }

    private static boolean isVertex(LlmUrl url) {
        return isVertexStream(url) || isVertexAnswer(url.path());
    }

    // What counts tokens there has the form of a model's address.
    private static boolean isVertexAnswer(String path) {
        return path.endsWith(":rawPredict") && path.contains(VERTEX_MODELS) && !path.endsWith(VERTEX_COUNT);
    }

    private static boolean isVertexStream(LlmUrl url) {
        return url.path().endsWith(":streamRawPredict") && url.path().contains(VERTEX_MODELS);
    }

    @Override
    RequestWords requestWords() {
        return RequestWords.ANTHROPIC;
    }

    @Override
    AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings) {
        return streamed ? new AnthropicStream(facts, findings) : new AnthropicAnswer(facts, findings);
    }

    @Override
    boolean isSpokenIn(AnswerMarks marks) {
        String type = marks.text("type");
        return type.equals("message")
                || type.equals("ping")
                || type.startsWith("message_")
                || type.startsWith("content_block_")
                || (type.equals("error") && marks.has("error.type"))
                || marks.text("id").startsWith("msg_");
    }

    @Override
    @Nullable
    UrlText placeOfModel(LlmUrl url) {
        return UrlText.part(UrlText.after(url.path(), VERTEX_MODELS), url.path().lastIndexOf(':'));
    }

    @Override
    boolean isStreamed(LlmUrl url, @Nullable Boolean stream) {
        return isVertexStream(url) || super.isStreamed(url, stream);
    }
}
