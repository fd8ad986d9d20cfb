package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;

/** OpenAI's responses. */
final class OpenAiResponses extends Dialect {
    @Override
    public String id() {
        return "openai-responses";
    }

    @Override
    boolean isServedAt(LlmUrl url) {
        return url.path().endsWith("/responses");
    }

    @Override
    RequestWords requestWords() {
        return RequestWords.RESPONSES;
    }

    @Override
    AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings) {
        return streamed ? new ResponsesStream(facts, findings) : new ResponsesAnswer(facts, findings);
    }

    @Override
    boolean isSpokenIn(AnswerMarks marks) {
        return marks.text("object").equals("response")
                || marks.text("type").startsWith("response.")
                || marks.event().startsWith("response.")
                || marks.text("id").startsWith("resp_")
                || (marks.text("type").equals("error") && marks.has("sequence_number"));
    }
}
