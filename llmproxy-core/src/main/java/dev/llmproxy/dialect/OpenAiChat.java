package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;
import org.jspecify.annotations.Nullable;

/** OpenAI's chat completions, and those of the many servers compatible with them. */
final class OpenAiChat extends Dialect {
    @Override
    public String id() {
        return "openai-chat";
    }

    @Override
    boolean isServedAt(LlmUrl url) {
        // Mistral answers as a chat, too, where a gap in a prompt is completed and where an agent is asked.
        return (!isDeferred(url) && !isErnie(url) && isChat(url)) || ChatPlaces.include(url);
    }

    /** Says whether this is the older API of Baidu, which answers in a form of its own; the newer one is OpenAI's. */
    static boolean isErnie(LlmUrl url) {
        return url.path().contains("/wenxinworkshop/");
    }

    /** Says whether what is answered there is a job, as at Perplexity, and not the chat itself. */
    static boolean isDeferred(LlmUrl url) {
        return url.path().endsWith("/async/chat/completions");
    }

    private static boolean isChat(LlmUrl url) {
        return url.path().endsWith("/chat/completions")
                || url.path().endsWith("/fim/completions")
                || url.path().endsWith("/agents/completions");
    }

    @Override
    @Nullable
    UrlText placeOfModel(LlmUrl url) {
        return ChatPlaces.placeOfModel(url);
    }

    @Override
    boolean isStreamed(LlmUrl url, @Nullable Boolean stream) {
        return ChatPlaces.areStreamed(url) || super.isStreamed(url, stream);
    }

    @Override
    AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings) {
        return streamed ? ChoicesStream.ofChat(facts, findings) : ChoicesAnswer.ofChat(facts, findings);
    }

    @Override
    boolean isSpokenIn(AnswerMarks marks) {
        String object = marks.text("object");
        return object.equals("chat.completion")
                || object.equals("chat.completion.chunk")
                || marks.text("id").startsWith("chatcmpl-")
                || marks.has("choices.message")
                || marks.has("choices.delta")
                // Azure's first event has no choice and all other fields empty.
                || (marks.has("choices") && marks.has("prompt_filter_results") && object.isEmpty());
    }
}
