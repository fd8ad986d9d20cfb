package dev.llmproxy.chain;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.fault.Fault;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One of several ways that a call goes at the same time. Its {@link #call} belongs to the thread that runs it, and its
 * attempts are detached ones. The call joins one branch, and leaves those that it does not want any more; what happens in
 * a branch is told as the call's own until it is left.
 */
public final class Branch extends Part {
    private final CallContext root;
    private final CallContext own;
    private final BranchTransport transport;
    private final Branches branches;
    // Held while listeners are told, so that nothing is told of a branch that has been left.
    private final ReentrantLock telling = new ReentrantLock();
    private @Nullable Attempt open;
    private boolean left;

    private Branch(CallContext root, Transport detached, Consumer<Attempt> sending) {
        this.root = root;
        this.branches = root.branches();
        this.transport = new BranchTransport(root, root.transport()::detach, detached, sending);
        this.own = new CallContext(root, this, transport, root.options(), root.startedAt());
        branches.add(this);
        if (root.isCancelled()) {
            root.ending().ifPresent(this::cancelled);
        }
    }

    /**
     * Begins a branch of a call, on the thread of the call.
     *
     * @param call the call
     * @param sending told of each attempt of the branch right before it is sent, on the thread of the branch
     * @return the branch; nothing where the client cannot send beside a call, or does not tell when one is cancelled
     */
    public static Optional<Branch> of(CallContext call, Consumer<Attempt> sending) {
        return call.transport().announcesCancellation()
                ? call.transport().detach().map(detached -> new Branch(call, detached, sending))
                : Optional.empty();
    }

    /**
     * Returns the context with which the stages run in this branch.
     *
     * @return the context; its records belong to the thread that runs the branch, until that has ended
     */
    public CallContext call() {
        return own;
    }

    @Override
    boolean hasEnded() {
        return root.hasEnded();
    }

    @Override
    boolean end(LlmEvent.OfCall event, long now) {
        own.partEnded();
        return root.end(event, now);
    }

    @Override
    int attemptCount() {
        return branches.count();
    }

    @Override
    Attempt begin(LlmRequest sent) {
        telling.lock();
        try {
            // In a branch that was left nothing is sent any more, nor counted.
            Attempt attempt = left
                    ? own.attempt(branches.count() + 1, sent)
                    : branches.begin(number -> own.attempt(number, sent));
            open = left ? null : attempt;
            return own.begin(attempt);
        } finally {
            telling.unlock();
        }
    }

    @Override
    void tell(LlmEvent event, long now) {
        telling.lock();
        try {
            if (!left) {
                if (event instanceof LlmEvent.AttemptSucceeded || event instanceof LlmEvent.AttemptFailed) {
                    open = null;
                }
                root.emit(event, now);
            }
        } finally {
            telling.unlock();
        }
    }

    void cancelled(Ending by) {
        own.cancelled(by);
        transport.cancel();
    }

    /**
     * Makes what has become of this branch that of its call. Called by the thread of the call, when the branch has ended.
     *
     * @param others the other branches that have ended
     */
    public void join(List<Branch> others) {
        root.join(own, others.stream().map(Branch::call).toList());
    }

    /**
     * Gives the branch up, whatever it is doing: its attempt has failed for the listeners, and they hear nothing more.
     * Called by the thread of the call.
     *
     * @param fault why
     */
    public void leave(Fault fault) {
        telling.lock();
        try {
            Attempt running = open;
            if (running != null) {
                long now = own.ticker().nanos();
                PhaseTimes times = running.times().endedAfter(now - running.startedAt());
                tell(
                        new LlmEvent.AttemptFailed(
                                own.info(),
                                running.number(),
                                running.deployment(),
                                running.url().origin(),
                                fault,
                                times),
                        now);
            }
            left = true;
        } finally {
            telling.unlock();
        }
        root.takeAttempts();
        cancelled(Ending.byCaller());
    }

    /** Lets go of what the branch holds, when it has ended and the call has not joined it alone. */
    public void close() {
        Attempt last = own.lastAttempt();
        if (isLeft() && last != null && !last.isOpen() && !last.reached(Phase.FIRST_TOKEN)) {
            own.timers().attemptOvertaken(last);
        }
        own.partEnded();
    }

    private boolean isLeft() {
        telling.lock();
        try {
            return left;
        } finally {
            telling.unlock();
        }
    }

    @Override
    public String toString() {
        return "branch of " + root;
    }
}
