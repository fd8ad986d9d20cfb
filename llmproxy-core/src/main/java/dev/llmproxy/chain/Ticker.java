package dev.llmproxy.chain;

import java.time.Instant;
import java.util.function.LongUnaryOperator;

/** Time: the only way by which it enters the library, so that a test can hold it in its hand. Thread-safe. */
public interface Ticker {
    /**
     * Returns the time of this machine.
     *
     * @return the ticker that everything uses unless it is given another
     */
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }

    /**
     * Returns a count of nanoseconds that never goes back; only differences mean something.
     *
     * @return nanoseconds
     */
    long nanos();

    /**
     * Returns the time of day.
     *
     * @return the instant
     */
    Instant now();

    /**
     * Lets the thread wait. Returns early when the thread is unparked or interrupted, or for no reason.
     *
     * @param nanos for how long at the most
     */
    void park(long nanos);

    /**
     * Runs work again and again on a daemon thread, until it is closed.
     *
     * @param name the thread's name
     * @param work takes the present {@link #nanos()} and returns when it wants to run next, {@link Long#MAX_VALUE} for
     *     not before it is woken
     * @return the running work
     */
    Repetition repeat(String name, LongUnaryOperator work);

    /**
     * Runs work once on a daemon thread of its own.
     *
     * @param name the thread's name
     * @param work what to run; must not throw
     */
    default void runOnce(String name, Runnable work) {
        SingleRun run = new SingleRun(work);
        run.in(repeat(name, run));
    }

    /** Work that is run again and again. */
    interface Repetition extends AutoCloseable {
        /** Runs the work soon, whenever it wanted to run next. */
        void wake();

        /** Ends the repetition. */
        @Override
        void close();
    }
}
