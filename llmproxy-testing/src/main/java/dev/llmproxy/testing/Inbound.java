package dev.llmproxy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * What a client sends, read ahead by a thread of its own, so that a client that hangs up is noticed while an answer waits.
 * When nobody takes the bytes and the buffer is full, reading stops, and so does the client's upload.
 */
final class Inbound extends InputStream {
    private static final int CAPACITY = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CountDownLatch end = new CountDownLatch(1);
    private final IntConsumer counter;
    private final byte[] buffer = new byte[CAPACITY];
    private int start;
    private int size;
    private boolean discarding;
    private boolean hungUp;

    Inbound(IntConsumer counter) {
        this.counter = counter;
    }

    /** Reads until the client hangs up or the socket is closed. */
    void pump(InputStream in) {
        byte[] bytes = new byte[8 * 1024];
        try {
            for (int count = in.read(bytes); count != -1; count = in.read(bytes)) {
                counter.accept(count);
                append(bytes, count);
            }
        } catch (IOException e) {
            // Reset by the client or closed by us: for the readers both are the end.
        } finally {
            hangUp();
            end.countDown();
        }
    }

    /** Waits until the client has hung up or the socket is closed; returns false if neither happens in this time. */
    boolean awaitEnd(long nanos) {
        try {
            return end.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void append(byte[] bytes, int count) {
        lock.lock();
        try {
            while (size + count > CAPACITY && !discarding && !hungUp) {
                changed.awaitUninterruptibly();
            }
            if (discarding || hungUp) {
                return;
            }
            for (int i = 0; i < count; i++) {
                buffer[(start + size + i) % CAPACITY] = bytes[i];
            }
            size += count;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends every wait of those who serve: nothing more will come. */
    void hangUp() {
        lock.lock();
        try {
            hungUp = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Throws away what comes from now on, so that the end of the connection is seen however much comes before it. */
    void discard() {
        lock.lock();
        try {
            discarding = true;
            size = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Makes the waiting threads look again at what they wait for. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next byte without taking it; returns false if the client hung up instead. */
    boolean awaitByte() {
        lock.lock();
        try {
            while (size == 0 && !hungUp) {
                changed.awaitUninterruptibly();
            }
            return size > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@code done} or until the time has passed; returns false if the client hung up before. */
    boolean await(BooleanSupplier done, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!hungUp && !done.getAsBoolean() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !hungUp;
        } catch (InterruptedException e) {
            // Nobody interrupts the provider's threads while it is open.
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) == -1 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            if (!awaitByte()) {
                return -1;
            }
            int count = Math.min(length, size);
            for (int i = 0; i < count; i++) {
                target[offset + i] = buffer[(start + i) % CAPACITY];
            }
            start = (start + count) % CAPACITY;
            size -= count;
            changed.signalAll();
            return count;
        } finally {
            lock.unlock();
        }
    }
}
