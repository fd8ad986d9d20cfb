package dev.llmproxy.limit;

import dev.llmproxy.chain.Awaited;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A question for more of a shared budget, which is answered, or given up by whoever finds that it is late. */
final class Draw extends Awaited {
    private final AtomicBoolean decided = new AtomicBoolean();
    private final long lateAt;
    private volatile @Nullable CompletableFuture<Long> reply;

    Draw(long lateAt) {
        this.lateAt = lateAt;
    }

    long lateAt() {
        return lateAt;
    }

    boolean isLate(long now) {
        return lateAt - now <= 0;
    }

    /** Returns whether it is for the caller to say what came of it. */
    boolean decide() {
        return decided.compareAndSet(false, true);
    }

    /** Says whether somebody is about to say what came of it, which takes no time. */
    boolean isDecided() {
        return decided.get();
    }

    void asked(CompletableFuture<Long> future) {
        reply = future;
        if (decided.get()) {
            cancel();
        }
    }

    void cancel() {
        CompletableFuture<Long> asked = reply;
        if (asked != null) {
            asked.cancel(false);
        }
    }

    void over() {
        end();
    }
}
