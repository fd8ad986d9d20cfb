package dev.llmproxy.dialect;

import dev.llmproxy.wire.JsonError;

/**
 * Watches the bytes of one answer while they pass: the frames they are made of, the JSON in them, and what it says. The
 * bytes may be cut anywhere. Nothing is kept of them but the facts, nothing is changed, and nothing throws on bad input.
 * For one thread.
 */
abstract class AnswerReader {
    private AnswerGrammar grammar;
    private final Findings findings;

    AnswerReader(AnswerGrammar grammar, Findings findings) {
        this.grammar = grammar;
        this.findings = findings;
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

    /** Says whether the rest of the answer cannot be read: where its frames are broken, or longer than they may be. */
    boolean isLost() {
        return false;
    }

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

    /** Goes on with another grammar: nothing was read by the last one. */
    final void become(AnswerGrammar other) {
        grammar = other;
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
            case SYNTAX -> Rule.JSON_SYNTAX;
            case TRUNCATED -> Rule.JSON_TRUNCATED;
            case TRAILING -> Rule.JSON_TRAILING;
            case DEPTH -> Rule.JSON_DEPTH;
            case NUMBER_TOO_LONG, NAME_TOO_LONG, STRING_TOO_LONG -> Rule.JSON_SIZE;
            case CONTROL_CHARACTER -> Rule.TEXT_CONTROL;
            case MALFORMED_UTF8 -> Rule.TEXT_UTF8;
        };
    }
}
