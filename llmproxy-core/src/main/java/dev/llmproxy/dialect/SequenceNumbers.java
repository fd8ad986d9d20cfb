package dev.llmproxy.dialect;

import dev.llmproxy.dialect.Rule.Severity;

/** The numbers of the events of a stream, where it has them: each follows its predecessor. */
final class SequenceNumbers {
    static final long NONE = -1;

    private final AnswerGrammar grammar;
    private long first = NONE;
    private long last = NONE;
    private boolean begun;
    private boolean own;
    private boolean broken;
    private boolean missingTold;

    SequenceNumbers(AnswerGrammar grammar) {
        this.grammar = grammar;
    }

    /** Takes the number of the event that begins a stream. */
    void begin(long number) {
        first = number;
        restart(number);
    }

    /** Takes the number of an event where relays may begin to count again. */
    void restart(long number) {
        begun = true;
        last = number;
    }

    void take(long number) {
        own |= first > 0 && last == first && number == first + 1;
        if (!begun) {
            begun = true;
            tell(number > 0, number, "0");
        } else if (last != NONE && number != NONE) {
            tell(number != last + 1, number, String.valueOf(last + 1));
        } else if (last != number) {
            tellMissing();
        }
        last = number == NONE ? last : number;
    }

    private void tellMissing() {
        if (!missingTold) {
            missingTold = true;
            grammar.found(Rule.STREAM_SEQUENCE, Severity.WARNING, "not each has a number, " + grammar.after());
        }
    }

    // Told once: what was lost can change everything behind it.
    private void tell(boolean isSo, long number, String expected) {
        if (isSo && !broken) {
            broken = true;
            Severity severity = own ? Severity.WARNING : Severity.ERROR;
            grammar.found(Rule.STREAM_SEQUENCE, severity, number + ", expected " + expected + ", " + grammar.after());
        }
    }

    /**
     * Returns how bad it is if events do not fit together: where none can be lost, the server means it so. So does one that
     * counts otherwise than from 0, as relays do that make up the events: their numbers and indices say little.
     */
    Severity severity() {
        boolean isNoneLost = last != NONE && !broken; // What comes without a number has none to be missed.
        return own || isNoneLost ? Severity.WARNING : Severity.ERROR;
    }
}
