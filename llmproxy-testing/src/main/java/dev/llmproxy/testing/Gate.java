package dev.llmproxy.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds answers until the test lets them go on, so that a test decides what happens first without waiting for time to pass:
 *
 * <pre>{@code
 * Gate gate = new Gate();
 * provider.enqueue(Reply.sse("{\"n\":1}", "{\"n\":2}").afterEvent(1).hold(gate));
 * // ... read the first event ...
 * gate.awaitReached(Duration.ofSeconds(5));
 * // ... assert what must be true while the answer is on its way ...
 * gate.open();
 * }</pre>
 *
 * <p>A gate starts closed, opens once and stays open. One gate may hold several answers. Safe for use by several threads.
 */
public final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Runnable> held = new ArrayList<>();
    private boolean reached;
    private boolean open;

    /** Creates a closed gate. */
    public Gate() {}

    /** Lets every answer that is held here go on, and every later one pass. Opening an open gate does nothing. */
    public void open() {
        List<Runnable> released;
        lock.lock();
        try {
            open = true;
            released = List.copyOf(held);
            held.clear();
        } finally {
            lock.unlock();
        }
        released.forEach(Runnable::run);
    }

    /** Returns whether {@link #open} was called. */
    public boolean isOpen() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until an answer has reached this gate, that is, until all bytes before it were written.
     *
     * @throws AssertionError if none does within {@code timeout}
     * @throws InterruptedException if this thread is interrupted while it waits
     */
    public void awaitReached(Duration timeout) throws InterruptedException {
        long nanos = timeout.toNanos();
        lock.lock();
        try {
            while (!reached) {
                if (nanos <= 0) {
                    throw new AssertionError("no answer reached the gate within " + timeout);
                }
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Notes that an answer waits here; {@code wake} runs when it may go on. */
    void reached(Runnable wake) {
        lock.lock();
        try {
            reached = true;
            changed.signalAll();
            if (!open) {
                held.add(wake);
            }
        } finally {
            lock.unlock();
        }
    }
}
