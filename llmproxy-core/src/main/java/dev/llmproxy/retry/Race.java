package dev.llmproxy.retry;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Branch;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Choice;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.event.LlmEvent.HedgeEnded;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The first pass of one call: an attempt and, when its first token is late, a second one beside it. The first answer that
 * begins is the call's. All but {@link #sending} and {@link #ended} run on the thread of the call.
 */
final class Race {
    // What has been cancelled ends at once, unless a stage on the way does not notice.
    private static final long ENDING_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_WAIT = Duration.ofSeconds(10).toNanos();

    private final Hedging hedging;
    private final CallContext call;
    private final LlmRequest request;
    private final Thread caller = Thread.currentThread();
    private final List<Leg> legs = new ArrayList<>(2);
    private final List<Leg> ended = new ArrayList<>(2);
    private boolean over;
    private volatile long lateAt = Long.MAX_VALUE;
    private long hedgedAt;
    private long cancelledAt = Long.MIN_VALUE;
    private boolean interrupted;

    Race(Hedging hedging, CallContext call, LlmRequest request) {
        this.hedging = hedging;
        this.call = call;
        this.request = request;
    }

    Stage[] rest() {
        return hedging.rest();
    }

    /** Says how many attempts were begun. */
    int legs() {
        return legs.size();
    }

    /** Begins the first attempt; returns whether that was possible. */
    boolean start() {
        Leg leg = Leg.of(this, call, request).orElse(null);
        return leg != null && run(leg);
    }

    private boolean run(Leg leg) {
        try {
            legs.add(leg);
            hedging.executor().execute(leg);
            return true;
        } catch (RejectedExecutionException e) {
            legs.remove(leg);
            leg.branch().close();
            return false;
        }
    }

    /** Called by the thread of a leg. */
    void sending(Leg leg, Attempt attempt) {
        long delay = legs.get(0) == leg ? Hedging.delay(leg.branch().call().usual(attempt)) : Long.MAX_VALUE;
        if (delay != Long.MAX_VALUE) {
            lateAt = call.ticker().nanos() + delay;
            LockSupport.unpark(caller);
        }
    }

    /** Called by the thread of a leg that has ended; returns whether anybody wants to know. */
    boolean ended(Leg leg) {
        synchronized (ended) {
            if (over) {
                return false;
            }
            ended.add(leg);
        }
        LockSupport.unpark(caller);
        return true;
    }

    LlmResponse run() throws IOException {
        try {
            while (!isDecided()) {
                waitOrHedge();
            }
        } finally {
            if (interrupted) {
                caller.interrupt();
            }
        }
        Leg winner = winner();
        LlmResponse answer = winner == null ? null : winner.take();
        return winner == null || answer == null ? failed() : won(winner, answer);
    }

    private boolean isDecided() {
        synchronized (ended) {
            over = winner() != null || ended.size() == legs.size() || isStuck();
            return over;
        }
    }

    private @Nullable Leg winner() {
        for (Leg leg : ended) {
            if (leg.answer() != null) {
                return leg;
            }
        }
        return null;
    }

    private boolean isStuck() {
        return cancelledAt != Long.MIN_VALUE && call.ticker().nanos() - cancelledAt >= ENDING_NANOS;
    }

    private void waitOrHedge() throws IOException {
        if (Thread.interrupted()) {
            interrupted = true;
            call.cancelled(Ending.byCaller());
        }
        long now = call.ticker().nanos();
        if (call.isCancelled()) {
            cancelledAt = cancelledAt == Long.MIN_VALUE ? now : cancelledAt;
            call.ticker().park(Math.max(1, cancelledAt + ENDING_NANOS - now));
        } else if (lateAt - now <= 0) {
            lateAt = Long.MAX_VALUE;
            hedge(now);
        } else {
            call.park(Math.min(lateAt - now, LONGEST_WAIT));
        }
    }

    private void hedge(long now) {
        Attempt first = legs.get(0).sent();
        if (first == null || legs.size() > 1 || SideEffects.of(call, request)) {
            return;
        }
        String target = hedging.target(call, first.deployment(), deployments(first), now);
        if (target == null || !hedging.budget().take(now)) {
            return;
        }
        Leg leg = Leg.of(this, call, request).orElse(null);
        if (leg == null) {
            return;
        }
        if (!target.isEmpty()) {
            aim(leg.branch().call().choice(), first.deployment(), target);
        }
        hedgedAt = now;
        if (run(leg)) {
            hedging.ledger().hedged();
        }
    }

    // Of a leg that is running: what its route has said before the attempt began.
    private List<String> deployments(Attempt first) {
        return first.deployment().isEmpty()
                ? List.of()
                : legs.get(0).branch().call().choice().among();
    }

    private static void aim(Choice choice, String first, String target) {
        if (!target.equals(first)) {
            choice.avoid(first);
        }
        choice.prefer(target);
    }

    private LlmResponse won(Leg winner, LlmResponse answer) {
        List<Branch> others = new ArrayList<>(1);
        Leg loser = null;
        for (Leg leg : legs) {
            if (leg != winner) {
                loser = leg;
                end(leg, others);
            }
        }
        winner.branch().join(others);
        if (loser == null) {
            return answer;
        }
        boolean byHedge = winner != legs.get(0);
        tell(byHedge ? HedgeEnded.Result.HEDGE_FIRST : HedgeEnded.Result.HEDGE_LATER, loser);
        count(byHedge, winner.branch().call());
        return answer.toBuilder()
                .header(CallOptions.HEADER_PREFIX + "Attempts", Integer.toString(call.attemptCount()))
                .build();
    }

    private void end(Leg loser, List<Branch> others) {
        boolean hasEnded = ended.contains(loser);
        if (!hasEnded || loser.answer() != null) {
            loser.branch().leave(overtaken());
        }
        if (hasEnded) {
            others.add(loser.branch());
            noteFailure(loser);
            loser.drop();
        }
    }

    private void noteFailure(Leg leg) {
        Failure failure = leg.failure();
        if (failure != null) {
            hedging.budget().failed(failure.fault(), call.ticker().nanos());
        }
    }

    private Fault overtaken() {
        return Fault.builder(FaultCause.CANCELLED)
                .summary("another attempt of the call answered first, and this one was cancelled")
                .where(call.info().origin().host())
                .remedy("nothing: that is what a hedge is for")
                .mayHaveBilled(true)
                .build();
    }

    // What the prompt cost is known when the answer has told it.
    private void count(boolean byHedge, CallContext winner) {
        List<Attempt> attempts = winner.attempts();
        Attempt last = attempts.get(attempts.size() - 1);
        Ledger ledger = hedging.ledger();
        call.onEnd(() -> ledger.hedgeEnded(byHedge, last.answer().inputTokens()));
    }

    private LlmResponse failed() throws IOException {
        if (ended.size() < legs.size()) {
            throw stuck();
        }
        Leg first = legs.get(0);
        if (legs.size() == 1) {
            return failed(first, null, List.of());
        }
        Leg second = legs.get(1);
        // That of which something may have been billed decides whether the call is sent a third time.
        Leg leading = second.mayHaveBilled() && !first.mayHaveBilled() ? second : first;
        Leg other = leading == first ? second : first;
        List<Branch> others = new ArrayList<>(1);
        end(other, others);
        tell(HedgeEnded.Result.BOTH_FAILED, second);
        return failed(leading, other, others);
    }

    private static LlmResponse failed(Leg leading, @Nullable Leg other, List<Branch> others) throws IOException {
        leading.branch().join(others);
        if (!leading.isRefused()) {
            leading.branch().close();
        }
        return leading.failed(other);
    }

    private IOException stuck() {
        Fault fault = call.endedFault(true);
        for (Leg leg : legs) {
            if (ended.contains(leg)) {
                leg.drop();
            } else {
                leg.branch().leave(fault);
            }
        }
        if (legs.size() > 1) {
            tell(HedgeEnded.Result.BOTH_FAILED, legs.get(1));
        }
        return call.raise(fault, null);
    }

    private void tell(HedgeEnded.Result result, Leg loser) {
        Leg hedge = legs.get(1);
        Attempt attempt = hedge.sent();
        Attempt lost = loser.sent();
        long now = call.ticker().nanos();
        Attempt first = legs.get(0).sent();
        call.emit(new HedgeEnded(
                call.info(),
                attempt == null ? 0 : attempt.number(),
                attempt == null ? "" : attempt.deployment(),
                result,
                Duration.ofNanos(first == null ? 0 : hedgedAt - first.startedAt()),
                Duration.ofNanos(lost == null ? 0 : now - lost.startedAt()),
                lost == null ? 0 : lost.bytesReceived()));
    }
}
