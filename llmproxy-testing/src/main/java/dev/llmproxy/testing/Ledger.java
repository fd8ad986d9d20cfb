package dev.llmproxy.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Counts and keeps what happened at a provider. */
final class Ledger {
    final AtomicLong bytesReceived = new AtomicLong();
    final AtomicLong bytesSent = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<ReceivedRequest> requests = new ArrayList<>();
    private final List<String> scriptErrors = new ArrayList<>();
    private int taken;
    private int requestsStarted;
    private int connectionsOpened;
    private int connectionsClosed;

    /** Returns the number of the new connection. */
    int connectionOpened() {
        return locked(() -> ++connectionsOpened);
    }

    void connectionClosed() {
        locked(() -> connectionsClosed++);
    }

    void requestStarted() {
        locked(() -> requestsStarted++);
    }

    void received(ReceivedRequest request) {
        locked(() -> requests.add(request));
    }

    void scriptError(String error) {
        locked(() -> scriptErrors.add(error));
    }

    int connectionsOpened() {
        return locked(() -> connectionsOpened);
    }

    int connectionsOpen() {
        return locked(() -> connectionsOpened - connectionsClosed);
    }

    int requestsStarted() {
        return locked(() -> requestsStarted);
    }

    List<ReceivedRequest> requests() {
        return locked(() -> List.copyOf(requests));
    }

    List<String> scriptErrors() {
        return locked(() -> List.copyOf(scriptErrors));
    }

    ReceivedRequest take(Duration timeout) throws InterruptedException {
        return await(
                () -> requests.size() > taken,
                timeout,
                () -> requests.get(taken++),
                () -> "no request within " + timeout + ": " + requests.size() + " received, all taken before, "
                        + (requestsStarted - requests.size()) + " unreadable or on their way");
    }

    void awaitConnectionsOpen(int count, Duration timeout) throws InterruptedException {
        await(
                () -> connectionsOpened - connectionsClosed == count,
                timeout,
                () -> count,
                () -> "connections open: " + (connectionsOpened - connectionsClosed) + " after " + timeout
                        + " (expected: " + count + ")");
    }

    private <T> T locked(Supplier<T> change) {
        lock.lock();
        try {
            changed.signalAll();
            return change.get();
        } finally {
            lock.unlock();
        }
    }

    private <T> T await(BooleanSupplier done, Duration timeout, Supplier<T> result, Supplier<String> otherwise)
            throws InterruptedException {
        long nanos = timeout.toNanos();
        lock.lock();
        try {
            while (!done.getAsBoolean()) {
                if (nanos <= 0) {
                    throw new AssertionError(otherwise.get());
                }
                nanos = changed.awaitNanos(nanos);
            }
            return result.get();
        } finally {
            lock.unlock();
        }
    }
}
