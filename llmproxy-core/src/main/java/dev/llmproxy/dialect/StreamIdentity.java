package dev.llmproxy.dialect;

/**
 * Watches whether all chunks of a stream are of one answer. An id may change: some servers have one for each chunk, Groq
 * one for each round of its own tools. An answer begins with a role, so a role under a new id, after several chunks
 * under another one, is the beginning of another answer.
 */
final class StreamIdentity {
    private static final int TELLING_PADDING = 8;

    private final AnswerGrammar grammar;
    private final WireText lastId = new WireText();
    private final WireText lastGroqId = new WireText();
    private final WireText lastPadding = new WireText();
    private long chunksOfId;
    private boolean spliceTold;
    private boolean repetitionTold;

    // Of the chunk.
    private final WireText id = new WireText();
    private final WireText groqId = new WireText();
    private final WireText padding = new WireText();
    private boolean roleSeen;

    StreamIdentity(AnswerGrammar grammar) {
        this.grammar = grammar;
    }

    void eventStart() {
        id.clear();
        groqId.clear();
        padding.clear();
        roleSeen = false;
    }

    void id(byte[] utf8, int from, int to) {
        id.add(utf8, from, to);
    }

    void groqId(byte[] utf8, int from, int to) {
        groqId.add(utf8, from, to);
    }

    void padding(byte[] utf8, int from, int to) {
        padding.add(utf8, from, to);
    }

    void role() {
        roleSeen = true;
    }

    void judge() {
        judgePadding();
        if (!id.isEmpty()) {
            judgeId();
            lastId.set(id);
        }
        if (!groqId.isEmpty()) {
            lastGroqId.set(groqId);
        }
    }

    /** Judges a chunk that is like the last one but for its padding. */
    void repeated() {
        judgePadding();
        chunksOfId += id.isEmpty() ? 0 : 1;
    }

    private void judgeId() {
        if (id.sameAs(lastId)) {
            chunksOfId++;
            return;
        }
        if (roleSeen && chunksOfId > 1 && !isSameCallOfGroq()) {
            splice();
        } else {
            grammar.id(id);
        }
        chunksOfId = 1;
    }

    private boolean isSameCallOfGroq() {
        return !lastGroqId.isEmpty() && (groqId.isEmpty() || groqId.sameAs(lastGroqId));
    }

    private void splice() {
        if (!spliceTold) {
            spliceTold = true;
            grammar.found(Rule.STREAM_SPLICE, grammar.after() + ", " + grammar.openState());
        }
    }

    // It is random, so a chunk with that of the chunk before it is that chunk again.
    private void judgePadding() {
        boolean isAgain = padding.size() >= TELLING_PADDING && padding.sameAs(lastPadding);
        if (isAgain && !repetitionTold) {
            repetitionTold = true;
            grammar.found(Rule.STREAM_DUP_DELTA, Rule.Severity.ERROR, grammar.after());
        }
        lastPadding.set(padding);
        padding.clear();
    }
}
