package dev.llmproxy.chain;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Something that one call does and others wait for, with {@link CallContext#awaitUntil}. Ends once. Thread-safe; no lock
 * is held while anybody waits.
 */
public abstract class Awaited {
    private final Queue<Thread> waiters = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    /** Constructs something that is under way. */
    protected Awaited() {}

    /** Ends it: whoever waits goes on, and sees what was written before. */
    protected final void end() {
        ended = true;
        for (Thread waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            LockSupport.unpark(waiter);
        }
    }

    /** Wakes whoever waits, to look again for how long. */
    protected final void wake() {
        waiters.forEach(LockSupport::unpark);
    }

    /**
     * Says whether there is nothing to wait for any more although it has not ended. Asked now and then by whoever waits.
     *
     * @return false, unless it is overridden
     */
    protected boolean isGivenUp() {
        return false;
    }

    final boolean hasEnded() {
        return ended;
    }

    final void add(Thread waiter) {
        waiters.add(waiter);
    }

    final void remove(Thread waiter) {
        waiters.remove(waiter);
    }
}
