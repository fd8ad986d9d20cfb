package dev.llmproxy.chain;

import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Work that ends its own repetition when it has run. */
final class SingleRun implements LongUnaryOperator {
    private final Runnable work;
    private Ticker.@Nullable Repetition repetition;
    private boolean hasRun;

    SingleRun(Runnable work) {
        this.work = work;
    }

    // The work may be over before its repetition is known here.
    synchronized void in(Ticker.Repetition begun) {
        repetition = begun;
        closeIfOver();
    }

    @Override
    public long applyAsLong(long now) {
        try {
            work.run();
        } finally {
            over();
        }
        return Long.MAX_VALUE;
    }

    private synchronized void over() {
        hasRun = true;
        closeIfOver();
    }

    private void closeIfOver() {
        if (hasRun && repetition != null) {
            repetition.close();
        }
    }

    @Override
    public String toString() {
        return "once: " + work;
    }
}
