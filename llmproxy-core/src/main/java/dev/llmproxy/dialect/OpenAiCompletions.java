package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;

/** OpenAI's completions of a prompt, the older sibling of chat. */
final class OpenAiCompletions extends Dialect {
    @Override
    public String id() {
        return "openai-completions";
    }

    @Override
    boolean isServedAt(LlmUrl url) {
        // Without a version before it, it is llama.cpp's own format.
        String path = url.path();
        return path.endsWith("/completions")
                && !path.equals("/completions")
                && !OpenAiChat.isDeferred(url)
                && !OpenAiChat.isErnie(url)
                && !isRagFlow(path)
                && !isWriter(url.host());
    }

    // Its assistants and agents are asked there, and answer in a form of their own.
    private static boolean isRagFlow(String path) {
        return path.contains("/api/v1/chats/") || path.contains("/api/v1/agents/");
    }

    // Its streams are values, of which none is the last.
    private static boolean isWriter(String host) {
        return host.endsWith(".writer.com");
    }

    @Override
    AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings) {
        return streamed ? ChoicesStream.ofCompletions(facts, findings) : ChoicesAnswer.ofCompletions(facts, findings);
    }

    @Override
    boolean isSpokenIn(AnswerMarks marks) {
        String object = marks.text("object");
        return object.equals("text_completion")
                || object.equals("text.completion") // Together
                || marks.text("id").startsWith("cmpl-")
                || marks.has("choices.text");
    }
}
