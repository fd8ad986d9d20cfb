package dev.llmproxy.chain;

import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.fault.Fault;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Enforces the times that one call and its attempts may take. Made for each call by a {@link Factory}.
 *
 * <p>Before anything is handed to the application, silence is cut by the limits that the attempt carries, which the
 * transport keeps; afterwards, and for the whole call, by ending the call.
 */
public interface AttemptTimers {
    /**
     * Called before an attempt is sent: sets its limits.
     *
     * @param attempt the attempt
     */
    void attemptStarted(Attempt attempt);

    /**
     * Called when a read is about to wait for the network.
     *
     * @param attempt the attempt that is read from
     * @return for how long the network may stay silent, in nanoseconds; 0 for no limit
     * @throws IOException if a budget is used up although bytes arrived
     */
    long readStarted(Attempt attempt) throws IOException;

    /**
     * Called when a read has come back with bytes or with the end.
     *
     * @param attempt the attempt that is read from
     * @return the time, in nanoseconds of the ticker
     * @throws IOException if a budget is used up although bytes arrive
     */
    long readEnded(Attempt attempt) throws IOException;

    /**
     * Called when a read has failed.
     *
     * @param attempt the attempt that is read from; told who ended it, where a budget was used up
     */
    void readFailed(Attempt attempt);

    /**
     * Called when the answer is handed to the application: from now on nothing else can follow.
     *
     * @param attempt the attempt that answered; null where a stage did, so that only the times of the whole call run, and
     *     the client's own for it are kept here: it knows of no body
     * @param body what the application reads; remembered weakly, so that one that is dropped unclosed is noticed
     */
    void handedOver(@Nullable Attempt attempt, Object body);

    /** Called when an attempt came to nothing, or the call begins to wait: until its next attempt only its own budget runs. */
    default void waitStarted() {}

    /**
     * Called when an attempt got an answer, and its body has ended.
     *
     * @param attempt the attempt
     * @param answer what the answer says of itself
     * @param whole whether the whole of it was read
     */
    void attemptSucceeded(Attempt attempt, AnswerInfo answer, boolean whole);

    /**
     * Called when an attempt has failed.
     *
     * @param attempt the attempt
     * @param fault why
     */
    void attemptFailed(Attempt attempt, Fault fault);

    /**
     * Called when an attempt has been given up because another one of its call answered first: it would have taken longer
     * than it was waited for.
     *
     * @param attempt the attempt, which has ended before its first token
     */
    default void attemptOvertaken(Attempt attempt) {}

    /**
     * Returns how long answers like that of an attempt usually take.
     *
     * @param attempt the attempt
     * @return what is known
     */
    Usual usual(Attempt attempt);

    /**
     * Returns for how long this process did not run, as far as it was noticed.
     *
     * @param from the beginning of the time that is looked at, in nanoseconds of the ticker
     * @param to its end
     * @return nanoseconds
     */
    long pausedNanos(long from, long to);

    /** Called when the call has ended. */
    void callEnded();

    /** Makes the timers of a call. */
    @FunctionalInterface
    interface Factory {
        /**
         * Starts the timers of a call.
         *
         * @param call the call
         * @return its timers
         */
        AttemptTimers start(CallContext call);
    }
}
