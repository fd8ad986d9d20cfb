package dev.llmproxy.event;

import java.time.Duration;
import java.util.Optional;

/**
 * When each phase of an attempt began: a picture of the attempt as it was when this was made. Of several beginnings, as
 * with several addresses of a host, the first counts. Immutable.
 */
public final class PhaseTimes {
    private static final Phase[] PHASES = Phase.values();

    // Nanoseconds after the start of the attempt, plus one; 0 where a phase was not reached.
    private final long[] marks;

    private PhaseTimes(long[] marks) {
        this.marks = marks;
    }

    /**
     * Returns the times that marks tell.
     *
     * @param marks by the ordinal of the phase: nanoseconds after the start of the attempt plus one, or 0; copied
     * @return the times
     */
    public static PhaseTimes of(long[] marks) {
        return ofEnded(marks.clone());
    }

    /**
     * Returns the times of an attempt that has ended, without copying them.
     *
     * @param marks by the ordinal of the phase: nanoseconds after the start of the attempt plus one, or 0; not changed any
     *     more
     * @return the times
     */
    public static PhaseTimes ofEnded(long[] marks) {
        if (marks.length != PHASES.length) {
            throw new IllegalArgumentException(
                    "marks: " + marks.length + " of them (expected: one for each of " + PHASES.length + " phases)");
        }
        return new PhaseTimes(marks);
    }

    /**
     * Returns these times with another end: for an attempt that is given up while it runs on another thread.
     *
     * @param nanos from the start of the attempt
     * @return the changed times
     */
    public PhaseTimes endedAfter(long nanos) {
        PhaseTimes ended = of(marks);
        ended.marks[Phase.END.ordinal()] = Math.max(0, nanos) + 1;
        return ended;
    }

    /**
     * Says whether a phase was reached.
     *
     * @param asked the phase
     * @return whether it had begun
     */
    public boolean reached(Phase asked) {
        return marks[asked.ordinal()] != 0;
    }

    /**
     * Returns when a phase began.
     *
     * @param asked the phase
     * @return the time from the start of the attempt, or nothing where it was not reached
     */
    public Optional<Duration> beganAt(Phase asked) {
        return reached(asked) ? Optional.of(Duration.ofNanos(marks[asked.ordinal()] - 1)) : Optional.empty();
    }

    /**
     * Returns the time from one phase to another.
     *
     * @param from the earlier phase
     * @param to the later phase
     * @return nanoseconds, or -1 where either was not reached
     */
    public long nanosBetween(Phase from, Phase to) {
        return reached(from) && reached(to) ? Math.max(0, marks[to.ordinal()] - marks[from.ordinal()]) : -1;
    }

    /**
     * Returns how long a phase lasted.
     *
     * @param asked the phase
     * @return nanoseconds to the beginning of the next phase that was reached, or -1 where there is none
     */
    public long nanosIn(Phase asked) {
        if (reached(asked)) {
            for (int next = asked.ordinal() + 1; next < PHASES.length; next++) {
                if (marks[next] != 0) {
                    return Math.max(0, marks[next] - marks[asked.ordinal()]);
                }
            }
        }
        return -1;
    }

    /** Returns the phases that were reached and when, in milliseconds. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Phase phase : PHASES) {
            beganAt(phase)
                    .ifPresent(at -> text.append(text.isEmpty() ? "" : ", ")
                            .append(phase)
                            .append(' ')
                            .append(at.toMillis()));
        }
        return text.toString();
    }
}
