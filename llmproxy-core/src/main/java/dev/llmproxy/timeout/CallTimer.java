package dev.llmproxy.timeout;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.AttemptTimers;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Phase;
import dev.llmproxy.event.LlmEvent;
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
    private static final long LATE_NANOS = Duration.ofMillis(200).toNanos();
    private static final long GRACE_NANOS = Duration.ofMillis(200).toNanos();
    // Before anything is handed over the client cuts silence, without ending the call; this is for what drips.
    private static final long DRIP_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long BACKSTOP_NANOS = Duration.ofSeconds(5).toNanos();

    private final CallContext call;
    private final Limits limits;
    private final Watchdog watchdog;
    private final long callLimit;
    // From the call to the watchdog these are published by dueAt, the other way by absorbed.
    private long callDueAt;
    private long attemptDueAt = Long.MAX_VALUE - DRIP_NANOS;
    private long silenceDueAt = Long.MAX_VALUE;
    private long headDueAt = Long.MAX_VALUE;
    private @Nullable Attempt attempt;
    private @Nullable WeakReference<Object> body;
    private volatile long absorbed;
    private boolean graceGiven;
    private long readEndedAt;

    CallTimer(CallContext call, Limits limits, Watchdog watchdog) {
        this.call = call;
        this.limits = limits;
        this.watchdog = watchdog;
        Duration deadline = call.options().deadline().orElse(null);
        long limit = limits.of(Budget.CALL);
        this.callLimit = deadline == null ? limit : Math.min(deadline.toNanos(), limit);
        this.callDueAt = call.startedAt() + callLimit;
        dueAt(callDueAt);
    }

    void start() {
        call.deadlineAt(callDueAt);
        watchdog.add(this);
    }

    @Override
    public void attemptStarted(Attempt started) {
        long callLeft = Math.max(1, call.deadlineAt() - started.startedAt());
        started.limits(limits.within(callLeft));
        attemptDueAt = started.startedAt() + limits.of(Budget.ATTEMPT);
        headDueAt = started.startedAt() + limits.of(Budget.FIRST_BYTE) + DRIP_NANOS;
        attempt = started;
        move();
        watchdog.wakeFor(this, started.startedAt());
    }

    @Override
    public long readStarted(Attempt from) {
        long now = call.ticker().nanos();
        long silence = from.limit(Budget.BETWEEN_BYTES);
        if (body == null) {
            return Math.max(1, Math.min(silence, Math.min(attemptDueAt, callDueAt) - now));
        }
        if (readEndedAt != 0) {
            from.consumerTook(now - readEndedAt);
        }
        silenceDueAt = now + silence;
        move();
        watchdog.wakeFor(this, now);
        // Only a backstop, in case that this thread and the watchdog do not meet.
        return silence + BACKSTOP_NANOS;
    }

    @Override
    public long readEnded(Attempt from) throws IOException {
        long late = absorbed;
        silenceDueAt = Long.MAX_VALUE;
        if (late > 0) {
            absorbed = 0;
            call.emit(new LlmEvent.PauseAbsorbed(call.info(), Duration.ofNanos(late)));
        }
        long now = call.ticker().nanos();
        readEndedAt = now;
        Budget usedUp = usedUp(now);
        if (usedUp != null) {
            from.endedBy(Ending.byTimer(usedUp, limitOf(usedUp)));
            throw new InterruptedIOException(usedUp.setting() + " used up");
        }
        move();
        watchdog.wakeFor(this, now);
        return now;
    }

    // Before the answer is handed over the client's limit for silence is cut to what is left of the other budgets.
    @Override
    public void readFailed(Attempt from) {
        Budget usedUp = usedUp(call.ticker().nanos());
        if (usedUp != null) {
            from.endedBy(Ending.byTimer(usedUp, limitOf(usedUp)));
        }
    }

    private void move() {
        long attemptUntil = body == null ? Math.min(attemptDueAt + DRIP_NANOS, headDueAt) : attemptDueAt;
        dueAt(Math.min(Math.min(callDueAt, attemptUntil), silenceDueAt));
    }

    private @Nullable Budget usedUp(long now) {
        if (now >= callDueAt) {
            return Budget.CALL;
        }
        if (now >= attemptDueAt) {
            return Budget.ATTEMPT;
        }
        return now >= silenceDueAt ? Budget.BETWEEN_BYTES : null;
    }

    private long limitOf(Budget budget) {
        return budget == Budget.CALL ? callLimit : limits.of(budget);
    }

    @Override
    public void handedOver(Attempt from, Object handed) {
        body = new WeakReference<>(handed);
        move();
        watchdog.wakeFor(this);
    }

    @Override
    public void waitStarted() {
        attemptDueAt = Long.MAX_VALUE - DRIP_NANOS;
        headDueAt = Long.MAX_VALUE;
        move();
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
        Budget usedUp = isHeadLate(now) ? Budget.FIRST_BYTE : usedUp(now);
        if (usedUp == null) {
            // Bytes arrived meanwhile.
            move();
            return;
        }
        long late = now - dueAt();
        if (late > LATE_NANOS && !graceGiven) {
            absorb(now, late);
            return;
        }
        Ending ending = Ending.byTimer(usedUp, limitOf(usedUp));
        Attempt running = attempt;
        if (running != null) {
            running.endedBy(ending);
        }
        call.cancelled(ending);
        // Rings once: what has to end does not need a second blow.
        dueAt(Long.MAX_VALUE);
        call.transport().cancel();
    }

    // A head that comes byte by byte is never silent. Whether one is waited for shows in the attempt.
    private boolean isHeadLate(long now) {
        Attempt running = attempt;
        if (running == null || !running.isOpen() || body != null || now < headDueAt) {
            return false;
        }
        long budget = limits.of(Budget.FIRST_BYTE);
        if (running.reached(Phase.FIRST_BYTE)) {
            headDueAt = Long.MAX_VALUE;
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
        silenceDueAt = Math.max(silenceDueAt, until);
        headDueAt = Math.max(headDueAt, until);
        dueAt(until);
        absorbed = late;
    }

    @Override
    public String toString() {
        return "timer of " + call.id();
    }
}
