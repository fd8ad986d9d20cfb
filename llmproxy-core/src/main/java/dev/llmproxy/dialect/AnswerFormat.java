package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.RequestFacts.Embedding;

/** What the answers to one request are made of, by its dialect and its URL. */
public final class AnswerFormat {
    private final Dialect dialect;
    private final LlmUrl url;
    private final Embedding asked;

    AnswerFormat(Dialect dialect, LlmUrl url, Embedding asked) {
        this.dialect = dialect;
        this.url = url;
        this.asked = asked;
    }

    AnswerGrammar grammar(boolean streamed, AnswerFacts facts, Findings findings, AnswerContent content) {
        AnswerGrammar grammar = dialect.grammar(url, streamed, facts, findings);
        grammar.collect(content);
        grammar.expect(asked);
        return grammar;
    }

    void readCounts(LlmHeaders headers, AnswerFacts facts) {
        dialect.readCounts(headers, facts.usage());
    }

    /** Returns the format that an answer names in its first bytes, or this one. */
    AnswerFormat namedIn(byte[] data, int from, int to) {
        Dialect named = ObjectMark.in(data, from, to).orElse(null);
        return named == null || named == dialect.wireFormat() ? this : new AnswerFormat(named, url, asked);
    }

    boolean isArrayStream() {
        return dialect.streamsArrays(url);
    }

    boolean isLineStream() {
        return dialect.streamsLines(url);
    }

    /** Says whether whoever asks for a stream there reads server-sent events, and passes over everything else. */
    boolean isEventStream() {
        boolean isArray = isArrayStream() && !url.query().orElse("").contains("alt=sse");
        return !isArray && !isLineStream() && !isBinaryStream();
    }

    boolean isBinaryStream() {
        return dialect.streamsBinary(url);
    }

    /** Says whether an answer with these headers is nothing but the numbers of vectors, as vLLM sends them for bytes. */
    boolean isBytes(LlmHeaders headers) {
        return dialect.embedsAt(url)
                && headers.get("Content-Type").orElse("").equalsIgnoreCase("application/octet-stream");
    }
}
