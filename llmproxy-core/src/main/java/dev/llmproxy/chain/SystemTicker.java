package dev.llmproxy.chain;

import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;

/** The time of this machine. */
enum SystemTicker implements Ticker {
    INSTANCE;

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public void park(long nanos) {
        LockSupport.parkNanos(this, nanos);
    }

    @Override
    public Repetition repeat(String name, LongUnaryOperator work) {
        ThreadRepetition repetition = new ThreadRepetition(name, work);
        repetition.start();
        return repetition;
    }

    private static final class ThreadRepetition implements Repetition, Runnable {
        private final Thread thread;
        private final LongUnaryOperator work;
        private volatile boolean closed;
        private volatile boolean woken;

        ThreadRepetition(String name, LongUnaryOperator work) {
            this.work = work;
            this.thread = new Thread(this, name);
            thread.setDaemon(true);
        }

        void start() {
            thread.start();
        }

        @Override
        public void run() {
            while (!closed) {
                woken = false;
                long next = work.applyAsLong(System.nanoTime());
                while (!closed && !woken) {
                    long left = next == Long.MAX_VALUE ? Long.MAX_VALUE : next - System.nanoTime();
                    if (left <= 0) {
                        break;
                    }
                    LockSupport.parkNanos(this, left);
                    // Nobody interrupts this thread on purpose; a stray interrupt must not make it spin.
                    var unused = Thread.interrupted();
                }
            }
        }

        @Override
        public void wake() {
            woken = true;
            LockSupport.unpark(thread);
        }

        @Override
        public void close() {
            closed = true;
            LockSupport.unpark(thread);
        }
    }
}
