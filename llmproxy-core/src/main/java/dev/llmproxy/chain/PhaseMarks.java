package dev.llmproxy.chain;

import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;

/** When the phases of one attempt began, and how far it has come. Of several beginnings of a phase the first counts. */
final class PhaseMarks {
    private static final int PHASES = Phase.values().length;

    private final Ticker ticker;
    private final long startedAt;
    // Nanoseconds after the start and one more, so that 0 is a phase that was not reached. Not changed any more once
    // the
    // end is marked: whoever asks for the times then gets these.
    private long[] marks = new long[PHASES];
    private Phase phase = Phase.QUEUE;

    PhaseMarks(Ticker ticker, long startedAt) {
        this.ticker = ticker;
        this.startedAt = startedAt;
        marks[Phase.QUEUE.ordinal()] = 1;
    }

    long startedAt() {
        return startedAt;
    }

    void mark(Phase begun) {
        if (reached(begun)) {
            phase = begun;
        } else {
            markAt(begun, ticker.nanos());
        }
    }

    void markAt(Phase begun, long now) {
        phase = begun;
        if (!reached(begun)) {
            // The client may be late to tell what it did for an attempt that was given up.
            long[] changed = hasEnded() ? marks.clone() : marks;
            changed[begun.ordinal()] = Math.max(0, now - startedAt) + 1;
            marks = changed;
        }
    }

    Phase phase() {
        return phase;
    }

    private boolean hasEnded() {
        return reached(Phase.END);
    }

    boolean reached(Phase asked) {
        return marks[asked.ordinal()] != 0;
    }

    long nanosBetween(Phase from, Phase to) {
        return reached(from) && reached(to) ? Math.max(0, marks[to.ordinal()] - marks[from.ordinal()]) : -1;
    }

    long markedAt(Phase asked) {
        return reached(asked) ? startedAt + marks[asked.ordinal()] - 1 : Long.MIN_VALUE;
    }

    PhaseTimes times() {
        return hasEnded() ? PhaseTimes.ofEnded(marks) : PhaseTimes.of(marks);
    }

    @Override
    public String toString() {
        return phase.toString();
    }
}
