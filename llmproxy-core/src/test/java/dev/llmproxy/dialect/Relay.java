package dev.llmproxy.dialect;

/** Hands all on to another grammar, repeats of events perhaps as events like others. */
final class Relay extends AnswerGrammar {
    private final AnswerGrammar grammar;
    private final boolean repeats;
    private int repeated;

    Relay(AnswerGrammar grammar, boolean repeats, Findings findings) {
        super(grammar.paths(), grammar.facts(), findings);
        this.grammar = grammar;
        this.repeats = repeats;
    }

    /** Returns how many repeats there were. */
    int countRepeated() {
        return repeated;
    }

    @Override
    public boolean flows(int field) {
        return grammar.flows(field);
    }

    @Override
    boolean mayRepeat() {
        return repeats && grammar.mayRepeat();
    }

    @Override
    void repeated() {
        repeated++;
        grammar.repeated();
    }

    @Override
    void eventStart(byte[] name, int from, int to) {
        grammar.eventStart(name, from, to);
    }

    @Override
    void eventEnd() {
        grammar.eventEnd();
    }

    @Override
    void done() {
        grammar.done();
    }

    @Override
    String openState() {
        return grammar.openState();
    }

    @Override
    void endOfText() {
        grammar.endOfText();
    }

    @Override
    void judgeWhole() {
        grammar.judgeWhole();
    }

    @Override
    boolean isFinished() {
        return grammar.isFinished();
    }

    @Override
    boolean isTerminatorLast() {
        return grammar.isTerminatorLast();
    }

    @Override
    boolean isSilenceStrange() {
        return grammar.isSilenceStrange();
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        grammar.string(field, utf8, from, to);
    }

    @Override
    public void stringEnd(int field) {
        grammar.stringEnd(field);
    }

    @Override
    public void number(int field, long value, boolean integral) {
        grammar.number(field, value, integral);
    }

    @Override
    public void bool(int field, boolean value) {
        grammar.bool(field, value);
    }

    @Override
    public void nul(int field) {
        grammar.nul(field);
    }

    @Override
    public void begin(int field, boolean array) {
        grammar.begin(field, array);
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        grammar.raw(field, json, from, to);
    }

    @Override
    public void end(int field) {
        grammar.end(field);
    }
}
