package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.wire.EventStreamFrames;
import dev.llmproxy.wire.JsonArrayFrames;
import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.NdjsonFrames;
import dev.llmproxy.wire.SseFrames;
import java.util.Optional;

/**
 * Watches the bytes of one answer while they pass: the frames they are made of, the JSON in them, and what it says. The
 * bytes may be cut anywhere. Nothing is kept of them but the facts, nothing is changed, and nothing throws on bad input.
 * For one thread.
 */
public abstract class AnswerReader {
    private final AnswerGrammar grammar;
    private final Findings findings;

    AnswerReader(AnswerGrammar grammar, Findings findings) {
        this.grammar = grammar;
        this.findings = findings;
    }

    /**
     * Returns a reader for the answer to a call.
     *
     * @param dialect what the answer speaks
     * @param url where the call went
     * @param form how the answer is cut into pieces of JSON, as its own beginning shows
     * @param findings what is told what is wrong with it
     * @return a reader, or nothing where the format of the answer is not known
     */
    public static Optional<AnswerReader> of(Dialect dialect, LlmUrl url, Form form, Findings findings) {
        AnswerGrammar grammar = dialect.wireFormat().grammar(url, form != Form.DOCUMENT, new AnswerFacts(), findings);
        return Optional.ofNullable(grammar).map(known -> form.reader(known, findings));
    }

    /**
     * Reads a piece of the answer.
     *
     * @param data the array with the piece; not kept
     * @param from where the piece begins
     * @param to where it ends
     */
    public abstract void feed(byte[] data, int from, int to);

    /** Ends the answer: the body is exhausted. Not to be called for a body that broke or was closed. */
    public abstract void end();

    /**
     * Returns what the answer says of itself.
     *
     * @return the facts, which grow with the answer
     */
    public final AnswerFacts facts() {
        return grammar.facts();
    }

    final AnswerGrammar grammar() {
        return grammar;
    }

    final void found(Rule rule, String detail) {
        findings.found(rule, detail);
    }

    final void found(Rule rule, Rule.Severity severity, String detail) {
        findings.found(rule, severity, detail);
    }

    /** Tells what is wrong with the JSON of an event or of the whole body. */
    final void broken(JsonError error, String where) {
        found(ruleFor(error), error + " " + where);
    }

    private static Rule ruleFor(JsonError error) {
        return switch (error) {
            case SYNTAX, TRUNCATED -> Rule.JSON_SYNTAX;
            case TRAILING -> Rule.JSON_TRAILING;
            case DEPTH -> Rule.JSON_DEPTH;
            case NUMBER_TOO_LONG, NAME_TOO_LONG, STRING_TOO_LONG -> Rule.JSON_SIZE;
            case CONTROL_CHARACTER -> Rule.TEXT_CONTROL;
            case MALFORMED_UTF8 -> Rule.TEXT_UTF8;
        };
    }

    /** How an answer is cut into pieces of JSON. */
    public enum Form {
        /** It is one piece. */
        DOCUMENT,
        /** Server-sent events. */
        EVENTS,
        /** One piece on each line. */
        LINES,
        /** The elements of one array, which comes piece by piece. */
        ARRAY,
        /** The binary event stream of AWS. */
        BINARY;

        private AnswerReader reader(AnswerGrammar grammar, Findings findings) {
            return switch (this) {
                case DOCUMENT -> new DocumentReader(grammar, findings);
                case EVENTS -> new EventReader(SseFrames::new, grammar, findings);
                case LINES -> new EventReader(NdjsonFrames::new, grammar, findings);
                case ARRAY -> new EventReader(JsonArrayFrames::new, grammar, findings);
                case BINARY -> new EventReader(EventStreamFrames::new, grammar, findings);
            };
        }
    }
}
