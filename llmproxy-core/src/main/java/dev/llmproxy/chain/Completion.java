package dev.llmproxy.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/** The end of a call, which comes once, and what is to be done then. Any thread may complete it. */
final class Completion {
    private static final AtomicIntegerFieldUpdater<Completion> DONE =
            AtomicIntegerFieldUpdater.newUpdater(Completion.class, "done");

    private @Nullable List<Runnable> actions;
    private CallContext.@Nullable End stage;

    @SuppressWarnings("UnusedVariable") // read and written through DONE
    private volatile int done;

    /** Returns whether it was this that has completed it: whoever comes later is not heard. */
    boolean tryEnd() {
        return DONE.compareAndSet(this, 0, 1);
    }

    boolean hasEnded() {
        return done != 0;
    }

    void add(Runnable action) {
        if (actions == null) {
            actions = new ArrayList<>(2);
        }
        actions.add(action);
    }

    /** Has a stage told; returns whether it is: there is room for one. */
    boolean tell(CallContext.End told) {
        if (stage == null) {
            stage = told;
        }
        return stage == told;
    }

    /** Takes over what is to be done at the end of a branch. */
    void takeActionsOf(Completion from) {
        if (from.stage != null) {
            stage = from.stage;
            from.stage = null;
        }
        List<Runnable> taken = from.take();
        if (taken != null) {
            taken.forEach(this::add);
        }
    }

    void runActions(CallContext call) {
        CallContext.End told = stage;
        stage = null;
        if (told != null) {
            told.ended(call);
        }
        List<Runnable> taken = take();
        if (taken != null) {
            taken.forEach(Runnable::run);
        }
    }

    private @Nullable List<Runnable> take() {
        List<Runnable> taken = actions;
        actions = null;
        return taken;
    }

    @Override
    public String toString() {
        return hasEnded() ? "ended" : "open";
    }
}
