package dev.llmproxy.limit;

import dev.llmproxy.call.Priority;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/** How many calls run at once, and how many may. Thread-safe. */
final class Permits {
    private static final AtomicIntegerFieldUpdater<Permits> RUNNING =
            AtomicIntegerFieldUpdater.newUpdater(Permits.class, "running");
    // Where nobody queues by priority, what nobody waits for leaves a tenth to those for whom somebody does.
    private static final int KEPT_FROM_BATCH = 10;

    private final int fixed;
    private final @Nullable AdaptiveLimit adaptive;
    private final boolean keepsFromBatch;
    private volatile int running;

    private Permits(int fixed, @Nullable AdaptiveLimit adaptive, boolean keepsFromBatch) {
        this.keepsFromBatch = keepsFromBatch;
        this.fixed = fixed;
        this.adaptive = adaptive;
    }

    static Permits of(Limits limits) {
        int most = limits.mostAtOnce();
        return limits.isAdaptive()
                ? new Permits(0, new AdaptiveLimit(most), !limits.queues())
                : new Permits(most == 0 ? Integer.MAX_VALUE : most, null, !limits.queues());
    }

    int most() {
        return adaptive == null ? fixed : adaptive.limit();
    }

    boolean isLimited() {
        return most() != Integer.MAX_VALUE;
    }

    boolean tryTake(Priority priority) {
        int most = most();
        int usable = keepsFromBatch && priority == Priority.BATCH ? most - most / KEPT_FROM_BATCH : most;
        while (true) {
            int now = running;
            if (now >= usable) {
                return false;
            }
            if (RUNNING.compareAndSet(this, now, now + 1)) {
                return true;
            }
        }
    }

    void give() {
        RUNNING.decrementAndGet(this);
    }

    int running() {
        return running;
    }

    @Nullable
    AdaptiveLimit adaptive() {
        return adaptive;
    }

    @Override
    public String toString() {
        return running + " of " + most();
    }
}
