package dev.llmproxy.dialect;

/** A tool call in one piece, whose arguments are a JSON value: they are the draft of what the answer says. */
final class DraftedCall {
    private final AnswerGrammar grammar;
    private final WireText id = new WireText();
    private final WireText name = new WireText();

    DraftedCall(AnswerGrammar grammar) {
        this.grammar = grammar;
    }

    void begin() {
        id.clear();
        name.clear();
        grammar.content().clearDraft();
    }

    void id(byte[] utf8, int from, int to) {
        id.add(utf8, from, to);
    }

    void name(byte[] utf8, int from, int to) {
        name.add(utf8, from, to);
    }

    boolean hasId() {
        return !id.isEmpty();
    }

    void end() {
        grammar.content().call(id, name);
        grammar.judgeName(name);
    }
}
