package dev.llmproxy.timeout;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.AttemptTimers;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Usual;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one call. Until the answer is handed over, the client cuts silence; then this does, by ending the call.
 * Time that the application spends between reads counts for the attempt and the call, and not as silence.
 */
final class CallTimer extends Alarm implements AttemptTimers {
    static final long LATE_NANOS = Duration.ofMillis(200).toNanos();

    private static final long GRACE_NANOS = Duration.ofMillis(200).toNanos();
    // A pause may end just when the timer is due: whoever reads has had no time to then, either.
    private static final long RECENT_NANOS = LATE_NANOS + GRACE_NANOS;
    // Before anything is handed over the client cuts silence, without ending the call; this is for what drips.
    private static final long DRIP_NANOS = Duration.ofSeconds(1).toNanos();
    // The client has taken an answer long before.
    private static final long TAKEN_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long BACKSTOP_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final long NEVER = Long.MAX_VALUE - DRIP_NANOS;

    private final CallContext call;
    private final Limits limits;
    private final @Nullable Learning learning;
    private final Watchdog watchdog;
    private long callLimit;
    private Budget callBudget;
    private long[] budgets;
    private final TokenClock tokens = new TokenClock();
    // From the call to the watchdog these are published by dueAt, the other way by absorbed.
    private long callDueAt;
    private long attemptDueAt = NEVER;
    private long paceDueAt = NEVER;
    private long silenceDueAt = NEVER;
    private long tokenDueAt = NEVER;
    private long headDueAt = NEVER;
    private @Nullable Attempt attempt;
    private @Nullable WeakReference<Object> body;
    private volatile long absorbed;
    private volatile boolean graceGiven;
    private long handedOverAt;
    private long readEndedAt;
    private long pace;

    CallTimer(CallContext call, Limits limits, @Nullable Learning learning, Watchdog watchdog) {
        this.call = call;
        this.limits = limits;
        this.budgets = limits.of(false);
        this.learning = learning;
        this.watchdog = watchdog;
        long limit = limits.of(Budget.CALL);
        Duration deadline = call.options().deadline().orElse(null);
        long own = deadline == null ? limit : nanos(deadline);
        this.callBudget = own < limit ? Budget.DEADLINE : Budget.CALL;
        this.callLimit = Math.min(own, limit);
        this.callDueAt = call.startedAt() + callLimit;
        dueAt(callDueAt);
    }

    // A deadline that nobody lives to see may be more than there are nanoseconds.
    private static long nanos(Duration deadline) {
        return deadline.compareTo(LONGEST) < 0 ? deadline.toNanos() : LONGEST.toNanos();
    }

    void start() {
        call.deadlineAt(callDueAt);
        watchdog.add(this);
    }

    @Override
    public void attemptStarted(Attempt started) {
        budgets = budgetsOf(started);
        // The end of the call is this timer's to keep and to name: the client's limits come only after it.
        long callLeft = Math.max(1, callDueAt - started.startedAt()) + DRIP_NANOS;
        started.limits(Limits.within(budgets, callLeft), limits.set());
        long own = limits.of(Budget.ATTEMPT);
        long followed = limitOf(Budget.ATTEMPT);
        attemptDueAt = started.startedAt() + Math.max(own, followed);
        pace = followed < own ? followed : 0;
        paceDueAt = NEVER;
        headDueAt = started.startedAt() + limitOf(Budget.FIRST_BYTE) + DRIP_NANOS;
        tokenDueAt = NEVER;
        tokens.restart();
        attempt = started;
        move();
        watchdog.wakeFor(this, started.startedAt());
    }

    private long[] budgetsOf(Attempt started) {
        if (learning != null && learning.adaptation().follows()) {
            Latency latency = learning.of(call.info(), started);
            if (latency != null) {
                return learning.adaptation().budgets(latency, started.startedAt());
            }
        }
        return limits.of(!limits.areAlike() && call.info().facts().streaming());
    }

    @Override
    public long readStarted(Attempt from) throws IOException {
        long now = call.ticker().nanos();
        long tokenLeft = tokens.readStarted(from, now);
        tokenDueAt = tokenLeft == Long.MAX_VALUE ? NEVER : now + tokenLeft;
        if (body != null && readEndedAt != 0) {
            from.consumerTook(now - readEndedAt);
        }
        if (pace > 0) {
            // A budget that follows the pace of the model knows nothing of the application's.
            paceDueAt = from.startedAt() + pace + from.consumerNanos();
        }
        throwIfUsedUp(from, now);
        long silence = silenceLimit(from);
        if (body == null) {
            move();
            watchdog.wakeFor(this, now);
            long first = Math.min(Math.min(attemptDueAt, paceDueAt), Math.min(callDueAt, tokenDueAt));
            return Math.max(1, Math.min(silence, first - now));
        }
        silenceDueAt = now + silence;
        move();
        watchdog.wakeFor(this, now);
        // Only a backstop, in case that this thread and the watchdog do not meet.
        return Math.min(silence, tokenLeft) + BACKSTOP_NANOS;
    }

    // A model may think in silence before its first token, for which there is a budget of its own.
    private long silenceLimit(Attempt from) {
        boolean isThinking = from.isStream() && !from.reached(Phase.FIRST_TOKEN) && !limits.isSilenceSet();
        return from.limit(isThinking ? Budget.FIRST_TOKEN : Budget.BETWEEN_BYTES);
    }

    @Override
    public long readEnded(Attempt from) throws IOException {
        long late = absorbed;
        silenceDueAt = NEVER;
        tokenDueAt = NEVER;
        if (late > 0) {
            absorbed = 0;
            call.emit(new LlmEvent.PauseAbsorbed(call.info(), Duration.ofNanos(late)));
        }
        long now = call.ticker().nanos();
        readEndedAt = now;
        tokens.readEnded(now);
        throwIfUsedUp(from, now);
        paceDueAt = NEVER;
        move();
        watchdog.wakeFor(this, now);
        return now;
    }

    private void throwIfUsedUp(Attempt from, long now) throws InterruptedIOException {
        Budget usedUp = usedUp(from, now);
        if (usedUp != null) {
            from.endedBy(Ending.byTimer(usedUp, limitOf(usedUp)));
            throw new InterruptedIOException(usedUp.setting() + " used up");
        }
    }

    // Before the answer is handed over the client's limit for silence is cut to what is left of the other budgets.
    @Override
    public void readFailed(Attempt from) {
        Budget usedUp = usedUp(from, call.ticker().nanos());
        if (usedUp != null) {
            from.endedBy(Ending.byTimer(usedUp, limitOf(usedUp)));
        }
    }

    private void move() {
        long attemptUntil = Math.min(attemptDueAt, paceDueAt);
        long tokenUntil = tokenDueAt;
        if (body == null) {
            attemptUntil = Math.min(attemptUntil + DRIP_NANOS, headDueAt);
            tokenUntil = tokenDueAt + DRIP_NANOS;
        }
        dueAt(Math.min(Math.min(callDueAt, attemptUntil), Math.min(silenceDueAt, tokenUntil)));
    }

    private @Nullable Budget usedUp(@Nullable Attempt from, long now) {
        if (now >= callDueAt) {
            return callBudget;
        }
        if (now >= attemptDueAt || now >= paceDueAt) {
            return Budget.ATTEMPT;
        }
        if (from != null && now >= tokenDueAt && tokenDueAt <= silenceDueAt) {
            return TokenClock.budget(from);
        }
        return now >= silenceDueAt ? Budget.BETWEEN_BYTES : null;
    }

    private long limitOf(Budget budget) {
        return budget == callBudget ? callLimit : budgets[budget.ordinal()];
    }

    @Override
    public void handedOver(@Nullable Attempt from, Object handed) {
        if (from == null) {
            waitStarted();
            keepClientLimit();
            handedOverAt = call.ticker().nanos();
        } else {
            handedOverAt = Math.max(readEndedAt, from.markedAt(Phase.FIRST_BYTE));
        }
        body = new WeakReference<>(handed);
        move();
        watchdog.wakeFor(this);
    }

    // To the client a call is over when a stage has answered it, and with it the client's own timer.
    private void keepClientLimit() {
        long limit = call.deadlineAt() - call.startedAt();
        if (limit < callLimit) {
            callDueAt = call.deadlineAt();
            callLimit = limit;
            callBudget = Budget.CLIENT_CALL;
        }
    }

    @Override
    public void waitStarted() {
        attemptDueAt = NEVER;
        headDueAt = NEVER;
        tokenDueAt = NEVER;
        silenceDueAt = NEVER;
        paceDueAt = NEVER;
        move();
    }

    @Override
    public void attemptSucceeded(Attempt from, AnswerInfo answer, boolean whole) {
        if (learning != null && !hasPaused(from)) {
            learning.answered(call, from, answer, tokens.longestGap(from), whole);
        }
    }

    @Override
    public void attemptFailed(Attempt from, Fault fault) {
        if (learning != null && !hasPaused(from)) {
            learning.failed(call.info(), from, fault.cause());
        }
    }

    @Override
    public void attemptOvertaken(Attempt from) {
        if (learning != null && !hasPaused(from)) {
            learning.overtaken(call.info(), from);
        }
    }

    // What this process has slept through tells nothing of the model.
    private boolean hasPaused(Attempt from) {
        return graceGiven || pausedNanos(from.startedAt(), from.markedAt(Phase.END)) >= LATE_NANOS;
    }

    @Override
    public Usual usual(Attempt asked) {
        Latency latency = learning == null ? null : learning.of(call.info(), asked);
        return latency == null ? Usual.unknown() : latency.usual(call.ticker().nanos());
    }

    @Override
    public long pausedNanos(long from, long to) {
        return watchdog.pausedNanos(from, to);
    }

    @Override
    public void callEnded() {
        watchdog.remove(this);
    }

    @Override
    boolean isAbandoned() {
        WeakReference<Object> handed = body;
        return handed != null && handed.refersTo(null);
    }

    @Override
    void ring(long now) {
        if (isAbandoned()) {
            call.abandoned();
            call.transport().cancel();
            return;
        }
        Attempt running = attempt;
        Budget usedUp = isHeadLate(running, now) ? Budget.FIRST_BYTE : usedUp(running, now);
        if (usedUp == null) {
            // Bytes arrived meanwhile.
            move();
            return;
        }
        long late = Math.max(now - dueAt(), pausedNanos(now - RECENT_NANOS, now));
        if (late > LATE_NANOS && !graceGiven) {
            absorb(now, late);
            return;
        }
        if (isBeingTaken(now)) {
            dueAt(handedOverAt + TAKEN_NANOS);
            return;
        }
        Ending ending = Ending.byTimer(usedUp, limitOf(usedUp));
        if (body == null && !call.cancelledBeforeAnswer(ending)) {
            move();
            return;
        }
        if (running != null) {
            running.endedBy(ending);
        }
        call.cancelled(ending);
        // Rings once: what has to end does not need a second blow.
        dueAt(Long.MAX_VALUE);
        call.transport().cancel();
    }

    // What is cancelled on its way to the application is thrown away by the client, without a word of why; once it is
    // there, its next read fails.
    private boolean isBeingTaken(long now) {
        return body != null && silenceDueAt == NEVER && now < handedOverAt + TAKEN_NANOS;
    }

    // A head that comes byte by byte is never silent. Whether one is waited for shows in the attempt.
    private boolean isHeadLate(@Nullable Attempt running, long now) {
        if (running == null || !running.isOpen() || body != null || now < headDueAt) {
            return false;
        }
        long budget = limitOf(Budget.FIRST_BYTE);
        if (running.reached(Phase.FIRST_BYTE)) {
            headDueAt = NEVER;
        } else if (!running.reached(Phase.WAIT)) {
            headDueAt = now + budget;
        } else {
            headDueAt = running.markedAt(Phase.WAIT) + budget + DRIP_NANOS;
        }
        return now >= headDueAt;
    }

    // This process did not run when it should have: what was waited for may lie in the socket by now.
    private void absorb(long now, long late) {
        graceGiven = true;
        long until = now + GRACE_NANOS;
        callDueAt = Math.max(callDueAt, until);
        attemptDueAt = Math.max(attemptDueAt, until);
        paceDueAt = Math.max(paceDueAt, until);
        silenceDueAt = Math.max(silenceDueAt, until);
        tokenDueAt = Math.max(tokenDueAt, until);
        // The client cuts silence at once when it runs again, and does not end the call for it.
        headDueAt = Math.max(headDueAt, until + DRIP_NANOS);
        absorbed = late;
        move();
    }

    @Override
    public String toString() {
        return "timer of " + call.id();
    }
}
