package dev.llmproxy.chain;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call was ended from outside, by whom, and whether that was before its answer was handed over. May be used by any
 * thread.
 */
final class Cancellation {
    private boolean handedOver;
    private volatile boolean cancelled;
    private volatile @Nullable Ending ending;
    private volatile @Nullable Runnable action;

    /** Notes who ended the call; of several the first. */
    void by(Ending by) {
        note(by);
        cancelled = true;
    }

    /** Notes who ended the call, unless its answer was handed over; says whether that is noted. */
    synchronized boolean beforeAnswer(Ending by) {
        if (!handedOver) {
            note(by);
        }
        return !handedOver;
    }

    private synchronized void note(Ending by) {
        if (ending == null) {
            ending = by;
        }
    }

    /** Notes that the answer is handed over, and returns which timer has ended the call before that. */
    synchronized Optional<Ending> handedOver() {
        handedOver = true;
        return ending().filter(by -> by.by() == Ending.By.TIMER);
    }

    boolean isCancelled() {
        return cancelled;
    }

    Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /** Has the action done by whoever ends the call. */
    void then(Runnable last) {
        action = last;
    }

    void runAction() {
        Runnable last = action;
        if (last != null) {
            last.run();
        }
    }
}
