package dev.llmproxy.dialect;

import dev.llmproxy.dialect.Rule.Severity;

/** The numbers of the events of a stream, where it has them: each follows its predecessor. */
final class SequenceNumbers {
    static final long NONE = -1;

    private final AnswerGrammar grammar;
    private long last = NONE;
    private boolean begun;
    private boolean broken;
    private boolean missingTold;

    SequenceNumbers(AnswerGrammar grammar) {
        this.grammar = grammar;
    }

    /** Takes the number of an event that can begin a stream, and where relays may begin to count again. */
    void restart(long number) {
        begun = true;
        last = number;
    }

    void take(long number) {
        if (!begun) {
            begun = true;
            tell(number > 0, number, "0");
        } else if (last != NONE && number != NONE) {
            tell(number != last + 1, number, String.valueOf(last + 1));
        } else if (last != NONE && !missingTold) {
            missingTold = true;
            grammar.found(Rule.STREAM_SEQUENCE, Severity.WARNING, "no number, " + grammar.after());
        }
        last = number == NONE ? last : number;
    }

    // Told once: what was lost can change everything behind it.
    private void tell(boolean isSo, long number, String expected) {
        if (isSo && !broken) {
            broken = true;
            grammar.found(Rule.STREAM_SEQUENCE, number + ", expected " + expected + ", " + grammar.after());
        }
    }

    /** Returns how bad it is if events do not fit together: where none can be lost, the server means it so. */
    Severity severity() {
        return last != NONE && !broken && !missingTold ? Severity.WARNING : Severity.ERROR;
    }
}
