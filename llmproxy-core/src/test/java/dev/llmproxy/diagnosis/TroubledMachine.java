package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Ticker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A machine whose readings tell of trouble, in real time and without doing harm to the process of a test. What is made up is
 * what the machine says of itself, and a pulse that does not come; the calls and their clocks are real. Thread-safe.
 */
public final class TroubledMachine {
    private static final double QUEUED_PART = 0.8;
    private static final long STUCK_SECONDS = 30;

    private final FakeMachine readings = new FakeMachine();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final boolean isQueued;
    private final boolean isCollecting;
    private volatile long stoppedAt = Long.MIN_VALUE;
    private volatile boolean wanted;
    private volatile boolean watched;
    private volatile boolean sampled;

    private TroubledMachine(Consumer<FakeMachine> change, boolean isQueued, boolean isCollecting) {
        this.isQueued = isQueued;
        this.isCollecting = isCollecting;
        change.accept(readings);
    }

    /** Returns a machine that stands still, for no reason that it knows. */
    public static TroubledMachine frozen() {
        return new TroubledMachine(readings -> {}, false, false);
    }

    /** Returns a machine that has too few processors. */
    public static TroubledMachine starved() {
        return new TroubledMachine(readings -> readings.queuedNanos = 0, true, false);
    }

    /** Returns a machine that stops for the collection of a full heap. */
    public static TroubledMachine collecting() {
        return new TroubledMachine(readings -> readings.living = new Gauge(90 << 20, 96 << 20), false, true);
    }

    /** Returns a machine on which every file that may be open is. */
    public static TroubledMachine withoutDescriptors() {
        return new TroubledMachine(readings -> readings.descriptors = new Gauge(1_023, 1_024), false, false);
    }

    /** Returns a machine on which every port is taken. */
    public static TroubledMachine withoutPorts() {
        return new TroubledMachine(readings -> readings.ports = new Gauge(28_230, 28_232), false, false);
    }

    /** Returns a machine on which every thread that may be started is. */
    public static TroubledMachine withoutThreads() {
        return new TroubledMachine(readings -> readings.threads = new Gauge(511, 512), false, false);
    }

    /** Stops the pulse from now on; returns when it stands still, at once where nobody takes it. */
    public void stop() throws InterruptedException {
        wanted = true;
        if (watched && !stopped.await(STUCK_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the pulse did not beat");
        }
    }

    /** Lets the pulse go on. */
    public void release() {
        released.countDown();
    }

    Machine machine() {
        watched = true;
        return new Stopping();
    }

    private final class Stopping implements Machine {
        private volatile Stalls collections = new Stalls(1);

        @Override
        public void begin(Stalls into, Ticker ticker) {
            collections = into;
        }

        @Override
        public CpuSample sample(long now) {
            // What follows is compared with a reading from before.
            if (wanted && sampled && stoppedAt == Long.MIN_VALUE) {
                stoppedAt = now;
                stopped.countDown();
                await();
            }
            sampled = true;
            return read(now);
        }

        private void await() {
            try {
                if (!released.await(STUCK_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("the pulse was not released");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized CpuSample read(long now) {
            if (isQueued && stoppedAt != Long.MIN_VALUE) {
                readings.queuedNanos = Math.round(QUEUED_PART * (now - stoppedAt));
            }
            return readings.sample(now);
        }

        @Override
        public Vitals vitals() {
            return readings.vitals();
        }

        @Override
        public void catchUp() {
            if (isCollecting && stoppedAt != Long.MIN_VALUE) {
                collections.add(stoppedAt, Ticker.system().nanos());
            }
        }

        @Override
        public void close() {
            release();
        }
    }
}
