package dev.llmproxy.dialect;

/**
 * Things of a stream that are numbered without gaps, from 0 if nothing else is said, of which one is open at a time. Tells
 * what does not fit.
 */
final class Numbered {
    private final AnswerGrammar grammar;
    private final String what;
    private long count;
    private boolean open;

    Numbered(AnswerGrammar grammar, String what) {
        this.grammar = grammar;
        this.what = what;
    }

    long count() {
        return count;
    }

    boolean isOpen() {
        return open;
    }

    /** Says that the first one has another number than 0. */
    void countFrom(long first) {
        count = first;
    }

    void begin(long index) {
        if (open) {
            grammar.found(
                    Rule.STREAM_ORDER,
                    what + " " + index + " begins while " + (count - 1) + " is open, " + grammar.after());
        }
        if (index != count) {
            grammar.found(Rule.STREAM_INDEX, what + " " + index + ", expected " + count + ", " + grammar.after());
        }
        count = Math.max(index, count) + 1;
        open = true;
    }

    /** Says whether this is the open one; tells if not. */
    boolean isWithin(long index) {
        if (open && index == count - 1) {
            return true;
        }
        grammar.found(
                Rule.STREAM_INDEX,
                what + " " + index + ", " + (open ? "open is " + (count - 1) : "none is open") + ", "
                        + grammar.after());
        return false;
    }

    /** Ends the open one; says whether it was this. */
    boolean end(long index) {
        boolean within = isWithin(index);
        open &= !within;
        return within;
    }

    /** Tells if one is open where none may be. */
    void requireClosed(String event) {
        if (open) {
            open = false;
            grammar.found(
                    Rule.STREAM_ORDER, event + " while " + what + " " + (count - 1) + " is open, " + grammar.after());
        }
    }

    @Override
    public String toString() {
        return open ? what + " " + (count - 1) + " open" : count + " of " + what + " closed";
    }
}
