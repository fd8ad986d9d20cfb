package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;

/** What the answers to one request are made of, by its dialect and its URL. */
public final class AnswerFormat {
    private final Dialect dialect;
    private final LlmUrl url;

    AnswerFormat(Dialect dialect, LlmUrl url) {
        this.dialect = dialect;
        this.url = url;
    }

    AnswerGrammar grammar(boolean streamed, AnswerFacts facts, Findings findings) {
        return dialect.grammar(url, streamed, facts, findings);
    }

    boolean isArrayStream() {
        return dialect.streamsArrays(url);
    }

    boolean isLineStream() {
        return dialect.streamsLines(url);
    }

    boolean isBinaryStream() {
        return dialect.streamsBinary(url);
    }
}
