package dev.llmproxy.dialect;

/**
 * The blocks of Anthropic's stream: numbered from 0 without gaps, and each ends before the next one begins. Some servers of
 * other models leave blocks open, at times behind others that have ended, until the last has begun, and then end all that are
 * open in a row. Tells what does not fit.
 */
final class AnthropicBlocks {
    private final AnswerGrammar grammar;
    private long begun;
    private long ended;
    private boolean together;
    // How many had ended before those that are open together began.
    private long endedBefore;

    AnthropicBlocks(AnswerGrammar grammar) {
        this.grammar = grammar;
    }

    boolean isOpen() {
        return ended < begun;
    }

    boolean isLast(long index) {
        return index == begun - 1;
    }

    boolean areNone() {
        return begun == 0;
    }

    /**
     * Begins a block.
     *
     * @param behindResult whether it is a text behind what a tool of the provider's own has found: Anthropic has numbered
     *     the start of those like the result before, and all that follows of them rightly
     */
    void begin(long named, boolean behindResult) {
        long index = named;
        if (behindResult && !isOpen() && named == begun - 1) {
            index = begun;
            grammar.found(Rule.STREAM_INDEX, Rule.Severity.WARNING, beginning(named));
        }
        if (!isOpen()) {
            ended = Math.max(index, begun);
            requireNotEnding(index);
        } else if (index == begun && !isEnding()) {
            tellOfTogether(index);
        } else {
            disordered("block " + index + " begins while " + (begun - 1) + " is open");
        }
        if (index != begun) {
            grammar.found(Rule.STREAM_INDEX, beginning(index));
        }
        begun = Math.max(index, begun) + 1;
    }

    private String beginning(long index) {
        return "block " + index + " begins, expected " + begun + ", " + grammar.after();
    }

    private void requireNotEnding(long index) {
        if (together) {
            disordered("block " + index + " begins behind the end of those that were open together");
        }
    }

    private void tellOfTogether(long index) {
        if (!together) {
            together = true;
            endedBefore = ended;
            grammar.found(
                    Rule.STREAM_ORDER,
                    Rule.Severity.WARNING,
                    "block " + index + " begins while " + (begun - 1) + " is open, " + grammar.after());
        }
    }

    // Of those that are open together, the first has ended already.
    private boolean isEnding() {
        return together && ended > endedBefore;
    }

    /** Says whether a piece is of the block that was begun last; tells if it is of none that is open. */
    boolean isWithin(long index) {
        if (!isOpen() || !isLast(index)) {
            wrongIndex("piece of block " + index + openOne());
            return false;
        }
        if (isEnding()) {
            disordered("piece of block " + index + " behind the end of one that was open with it");
            return false;
        }
        return true;
    }

    /** Says whether a block is one of several that are open. */
    boolean isEarlier(long index) {
        return together && index >= ended && index < begun - 1;
    }

    /** Ends a block; says whether it could end. */
    boolean end(long index) {
        if (isOpen() && index == ended) {
            ended++;
            return true;
        }
        if (isOpen() && isLast(index)) {
            disordered("block " + index + " ends while " + ended + " is open");
            ended = begun;
        } else {
            wrongIndex("end of block " + index + openOne());
        }
        return false;
    }

    private String openOne() {
        return isOpen() ? ", open is " + (begun - 1) : ", none is open";
    }

    /** Tells if one is open where none may be. */
    void requireEnded(String event) {
        if (isOpen()) {
            disordered(event + " while block " + (begun - 1) + " is open");
        }
    }

    /** Ends all that are open, as a classifier does that cuts the message. */
    void cut() {
        String where = "block " + (begun - 1) + " is cut, " + grammar.after();
        ended = begun;
        grammar.found(Rule.STREAM_ORDER, Rule.Severity.WARNING, where);
    }

    private void disordered(String what) {
        grammar.found(Rule.STREAM_ORDER, what + ", " + grammar.after());
    }

    private void wrongIndex(String what) {
        grammar.found(Rule.STREAM_INDEX, what + ", " + grammar.after());
    }

    @Override
    public String toString() {
        return isOpen() ? "block " + (begun - 1) + " open" : begun + " blocks closed";
    }
}
