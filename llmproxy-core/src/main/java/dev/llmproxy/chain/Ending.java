package dev.llmproxy.chain;

import java.util.Objects;
import java.util.Optional;

/**
 * Who ended an attempt from this side. Nobody did where it failed by itself.
 *
 * @param by who
 * @param budget which budget was used up, where it was a timer
 * @param limitNanos that budget
 */
public record Ending(By by, Optional<Budget> budget, long limitNanos) {
    private static final Ending CALLER = new Ending(By.CALLER, Optional.empty(), 0);

    /**
     * Checks the parts.
     *
     * @param by who
     * @param budget which budget was used up
     * @param limitNanos that budget
     */
    public Ending {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(budget, "budget");
    }

    /**
     * Returns an ending by the application: it cancelled or closed the call, or interrupted its thread.
     *
     * @return the ending
     */
    public static Ending byCaller() {
        return CALLER;
    }

    /**
     * Returns an ending by a timer.
     *
     * @param budget which budget was used up
     * @param limitNanos that budget
     * @return the ending
     */
    public static Ending byTimer(Budget budget, long limitNanos) {
        return new Ending(By.TIMER, Optional.of(budget), limitNanos);
    }

    /** Who can end an attempt. */
    public enum By {
        /** The application. */
        CALLER,
        /** A timer: of this library, or the HTTP client's own for the whole call. */
        TIMER
    }
}
