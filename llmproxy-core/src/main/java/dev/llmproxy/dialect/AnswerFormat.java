package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.RequestFacts.Embedding;
import java.util.Optional;

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

    /**
     * Returns what an answer is made of that was made for another request and is fetched: such a request is no call of a
     * model, and has no dialect.
     *
     * @param request the request that fetches it
     * @return the format, or nothing where none is fetched that is known
     */
    public static Optional<AnswerFormat> fetchedBy(LlmRequest request) {
        return Dialects.fetchedBy(request).map(dialect -> dialect.answersAt(request.url()));
    }

    /**
     * Says whether the URL alone asks for a stream.
     *
     * @return whether it does
     */
    public boolean isStreamAsked() {
        return dialect.isStreamed(url, null);
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
