package dev.llmproxy.chain;

import dev.llmproxy.event.CallInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** The end of a call, which comes once, and what is to be done then. Any thread may complete it. */
final class Completion {
    private static final AtomicIntegerFieldUpdater<Completion> DONE =
            AtomicIntegerFieldUpdater.newUpdater(Completion.class, "done");

    private static final AtomicReferenceFieldUpdater<Completion, Held> HELD =
            AtomicReferenceFieldUpdater.newUpdater(Completion.class, Held.class, "held");

    private @Nullable List<Runnable> actions;
    private CallContext.@Nullable End stage;
    private volatile @Nullable Held held;
    private long amount;
    private @Nullable Attempt by;

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

    /** Holds something until the end; what was held before is let go. */
    void hold(CallInfo call, Held something, long much, @Nullable Attempt answered) {
        letGo(call);
        amount = much;
        by = answered;
        held = something;
    }

    private void letGo(CallInfo call) {
        Held known = held;
        if (known != null && HELD.compareAndSet(this, known, null)) {
            known.release(call, amount, by);
        }
    }

    /** Takes over what is to be done at the end of a branch. */
    void takeActionsOf(CallInfo call, Completion from) {
        if (from.stage != null) {
            stage = from.stage;
            from.stage = null;
        }
        Held known = from.held;
        if (known != null && HELD.compareAndSet(from, known, null)) {
            hold(call, known, from.amount, from.by);
        }
        List<Runnable> taken = from.take();
        if (taken != null) {
            taken.forEach(this::add);
        }
    }

    void runActions(CallContext call) {
        letGo(call.info());
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
