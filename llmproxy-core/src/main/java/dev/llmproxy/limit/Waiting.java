package dev.llmproxy.limit;

import dev.llmproxy.call.Priority;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.event.LlmEvent.LimitWaited;
import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.limit.LimitFaults.Why;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where calls wait for the limits of one place, on their own threads. Whoever gives something back serves those that fit
 * in; where only time can help, the one that is next looks when it is time. Thread-safe; the lock is not held in a wait.
 */
final class Waiting {
    // Of two roundings one may be the wrong way.
    private static final long SHORTEST_LOOK = Duration.ofNanos(100_000).toNanos();

    private final Limiter limiter;
    private final Limits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final TurnQueue queue;
    // What the one that is next waits for.
    private Limit scarce = Limit.CONCURRENCY;
    // Written under the lock, and read by those who come and those who go.
    private volatile int size;

    Waiting(Limiter limiter, Limits limits) {
        this.limiter = limiter;
        this.limits = limits;
        this.queue = new TurnQueue(limits.queueLength());
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /**
     * Called by a call for which there is too little; returns what it needs when it has got it.
     *
     * @param found what there is too little of; null where others wait already, who come first
     */
    long enter(CallContext call, long needed, @Nullable Limit found) throws IOException {
        Priority priority = call.options().priority();
        long now = limiter.ticker().nanos();
        Turn turn = new Turn(priority, call.options().tenant().orElse(""), needed, now + limits.queueNanos());
        Why why;
        Limit shortage;
        long expected;
        lock.lock();
        try {
            shortage = found == null ? scarce : found;
            expected = limiter.expectedNanos(queue.ahead(priority), queue.tokensAhead(priority), needed, now);
            why = refusal(call, priority, expected, now);
            if (why == null) {
                queue.add(turn);
                size = queue.size();
                // What was given back before this call was seen to wait is there for it.
                serve(now);
            }
        } finally {
            lock.unlock();
        }
        if (why != null) {
            throw refuse(call, shortage, why, expected, 0);
        }
        return await(call, turn, shortage, now);
    }

    private @Nullable Why refusal(CallContext call, Priority priority, long expected, long now) {
        if (!limits.queues()) {
            return Why.NO_QUEUE;
        }
        if (call.deadlineAt() != Long.MAX_VALUE && expected >= call.deadlineAt() - now) {
            return Why.DEADLINE;
        }
        if (expected > limits.queueNanos()) {
            return Why.TOO_LONG;
        }
        if (!queue.isFull()) {
            return null;
        }
        Turn out = queue.makeRoomFor(priority);
        if (out == null) {
            return Why.QUEUE_FULL;
        }
        out.shed();
        return null;
    }

    private long await(CallContext call, Turn turn, Limit shortage, long from) throws IOException {
        try {
            for (long now = from;
                    turn.isWaiting() && !turn.isOver(now);
                    now = limiter.ticker().nanos()) {
                call.awaitUntil(turn, turn);
                if (turn.isWaiting()) {
                    serve();
                }
            }
        } catch (InterruptedIOException e) {
            leave(turn, true);
            long waited = limiter.ticker().nanos() - from;
            tell(call, shortage, waited, false);
            throw call.raise(LimitFaults.ended(call, waited), e);
        }
        boolean admitted = leave(turn, false);
        long waited = limiter.ticker().nanos() - from;
        tell(call, shortage, waited, admitted);
        if (!admitted) {
            throw refuse(call, shortage, turn.isShed() ? Why.SHED : Why.WAITED, 0, waited);
        }
        return turn.tokens();
    }

    /** Takes a call out of the queue, and returns whether it was admitted. */
    private boolean leave(Turn turn, boolean givesUp) {
        boolean admitted;
        lock.lock();
        try {
            if (queue.remove(turn)) {
                size = queue.size();
                serve(limiter.ticker().nanos());
            }
            admitted = turn.isAdmitted();
        } finally {
            lock.unlock();
        }
        if (admitted && givesUp) {
            limiter.undo(turn.tokens());
        }
        return admitted;
    }

    private void tell(CallContext call, Limit shortage, long waited, boolean admitted) {
        call.emit(new LimitWaited(call.info(), call.deployment(), shortage, Duration.ofNanos(waited), admitted));
    }

    private LlmFaultException refuse(CallContext call, Limit shortage, Why why, long expected, long waited) {
        limiter.refused();
        return call.raise(LimitFaults.refused(call, limiter, shortage, why, expected, waited));
    }

    /** Lets in whoever fits, when something was given back or time has passed. */
    void serve() {
        // Whoever holds the lock already is about to look.
        if (size > 0 && !lock.isHeldByCurrentThread()) {
            lock.lock();
            try {
                serve(limiter.ticker().nanos());
            } finally {
                lock.unlock();
            }
        }
    }

    private void serve(long now) {
        Turn next = queue.first();
        while (next != null) {
            Limit shortage = limiter.take(next.tokens(), next.priority(), now);
            if (shortage != null) {
                scarce = shortage;
                next.lookAt(
                        shortage == Limit.CONCURRENCY
                                ? Long.MAX_VALUE
                                : now + Math.max(SHORTEST_LOOK, limiter.expectedNanos(0, 0, next.tokens(), now)));
                break;
            }
            queue.serve(next);
            size = queue.size();
            next.admit();
            next = queue.first();
        }
    }

    @Override
    public String toString() {
        return size + " waiting";
    }
}
