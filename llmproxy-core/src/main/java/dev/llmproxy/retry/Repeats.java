package dev.llmproxy.retry;

import dev.failsafe.FailsafeException;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.RetryMode;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.chain.Nanos;
import dev.llmproxy.chain.Stage.Chain;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.RetryRefused.Why;
import dev.llmproxy.fault.CallEvidence;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.retry.RetryBudget.Price;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands one call on again, until it is answered or must not be sent any more. Exists from its first failure on. */
final class Repeats {
    private final RetryStage stage;
    private final LlmRequest request;
    private final Chain chain;
    private final CallContext call;
    private final RetryMode mode;
    private final List<Failure> earlier = new ArrayList<>(2);
    private final List<Detour> detours = new ArrayList<>(1);
    private Failure last;
    private @Nullable Nesting nesting;
    private @Nullable NextTry next;
    private @Nullable LlmResponse answer;
    private @Nullable IOException broken;
    private int passes;
    private int attemptsBefore;
    private int backoffs;
    private boolean repeatedOnce;
    private boolean refreshed;
    private boolean lookedForNesting;

    /**
     * Constructs the repeats of a call.
     *
     * @param passes how often it was handed on already
     * @param attemptsBefore how many attempts it had made before that
     */
    Repeats(RetryStage stage, LlmRequest request, Chain chain, Failure first, int passes, int attemptsBefore) {
        this.stage = stage;
        this.request = request;
        this.chain = chain;
        this.call = chain.call();
        this.mode = call.options().retry().orElse(stage.settings().mode());
        this.last = first;
        this.passes = passes;
        this.attemptsBefore = attemptsBefore;
    }

    /** That the call went on to another deployment, after it failed at a place. */
    private record Detour(String from, Price paid) {}

    LlmResponse run() throws IOException {
        boolean isKnown = false;
        try {
            decide();
            if (goesOn()) {
                nextOnes();
            }
            isKnown = broken == null && !isEnded();
        } finally {
            learnOfDetours(isKnown);
        }
        if (answer != null) {
            return answer;
        }
        return broken != null ? stopped(broken) : givenUp();
    }

    private void nextOnes() {
        try {
            var unused = stage.failsafe().get(this::next);
        } catch (FailsafeException e) {
            if (!(e.getCause() instanceof InterruptedException)) {
                // Of a stage on the way, which uses it as well.
                throw e;
            }
            // It sleeps for no time between two attempts, and may be interrupted there.
            broken = new InterruptedIOException("interrupted");
        }
    }

    boolean goesOn() {
        return next != null;
    }

    /** One pass: waits, and hands the call on. */
    private Repeats next() {
        NextTry now = next;
        next = null;
        try {
            passOn(now);
        } catch (LlmFaultException e) {
            failed(Failure.of(e));
        } catch (IOException e) {
            broken = e;
        }
        return this;
    }

    private void passOn(@Nullable NextTry now) throws IOException {
        if (now == null) {
            return;
        }
        call.await(Duration.ofNanos(now.delayNanos()));
        take(now.change());
        passes++;
        attemptsBefore = call.attemptCount();
        LlmResponse response = chain.proceed(request);
        Fault fault = RetryStage.faultOf(call, response);
        if (fault == null) {
            answer = response;
        } else {
            failed(Failure.of(fault, response));
        }
    }

    private void take(Alternative change) {
        if (change == Alternative.FALLBACK) {
            call.choice().fallBack(last.fault().cause());
        } else {
            call.choice().take(change);
        }
    }

    private void failed(Failure failure) {
        earlier.add(last);
        last = failure;
        bound(failure.evidenceBytes());
        decide();
    }

    private void decide() {
        Fault fault = last.fault();
        if (!(fault.retryable() || call.choice().offersFallback(fault.cause())) || isEnded()) {
            return;
        }
        if (earlier.isEmpty()) {
            stage.ledger().callFailed();
        }
        NextTry decided = allowed();
        if (decided.refusal() == null) {
            schedule(fault, decided);
        } else {
            refuse(fault, decided, decided.refusal());
        }
    }

    private boolean isEnded() {
        return call.isCancelled() || Thread.currentThread().isInterrupted();
    }

    private NextTry allowed() {
        NextTry decided = NextTry.after(last.fault(), progress(), call.choice(), stage.backoff());
        if (decided.refusal() != null) {
            return decided;
        }
        if (isWrittenOnce()) {
            return NextTry.refused(Why.ONE_SHOT_BODY);
        }
        if (decided.change() == Alternative.FALLBACK) {
            // No repeat: what is asked now was not asked before.
            return decided;
        }
        boolean elsewhere = decided.change() == Alternative.DEPLOYMENT;
        if (elsewhere && isUnsent()) {
            return decided;
        }
        if (isNested()) {
            return NextTry.refused(Why.NESTED);
        }
        return decided.isFree() || pay(elsewhere) ? decided : NextTry.refused(Why.BUDGET);
    }

    // Refused here before it was sent, by limits that are full: nobody has had anything to do for it yet.
    private boolean isUnsent() {
        return call.attemptCount() == attemptsBefore;
    }

    private boolean pay(boolean elsewhere) {
        String place = RetryStage.placeOf(call);
        Price price = stage.budget()
                .take(place, earlier.isEmpty(), elsewhere, call.ticker().nanos());
        if (elsewhere && price != Price.TOO_MUCH) {
            detours.add(new Detour(place, price));
        }
        return price != Price.TOO_MUCH;
    }

    // A refusal that cannot be repeated is an answer as well: whoever gives it is not down.
    private void learnOfDetours(boolean isKnown) {
        boolean answered = answer != null || !last.fault().retryable();
        long now = call.ticker().nanos();
        for (Detour detour : detours) {
            if (isKnown) {
                stage.budget().wentElsewhere(detour.from(), detour.paid(), answered, now);
            } else {
                stage.budget().cameBack(detour.from(), detour.paid());
            }
        }
    }

    private Progress progress() {
        Retry settings = stage.settings();
        long now = call.ticker().nanos();
        long left = settings.within().toNanos() - (now - call.startedAt());
        if (call.deadlineAt() != Long.MAX_VALUE) {
            left = Math.min(left, call.deadlineAt() - now);
        }
        long longest = settings.longestWait().toNanos();
        // What the client's own authenticator has sent again counts, too.
        int made = Math.max(passes, call.attemptCount());
        return new Progress(mode, made, settings.attempts(), backoffs, repeatedOnce, refreshed, left, longest);
    }

    private boolean isWrittenOnce() {
        return call.attemptCount() > 0
                && call.info().dialect().isEmpty()
                && request.body().map(body -> body.isOneShot()).orElse(false);
    }

    private boolean isNested() {
        if (lookedForNesting) {
            return false;
        }
        lookedForNesting = true;
        nesting = stage.nested().around(call);
        if (nesting == null) {
            return false;
        }
        stage.ledger().nested();
        call.emit(new LlmEvent.RetriesNested(
                call.info(), nesting.layer(), nesting.above(), nesting.amplification(), nesting.remedy()));
        return true;
    }

    private void schedule(Fault fault, NextTry decided) {
        next = decided;
        backoffs += decided.backsOff() ? 1 : 0;
        repeatedOnce |= fault.retry() == FaultCause.Retry.ONCE;
        refreshed |= decided.change() == Alternative.TOKEN;
        stage.ledger().repeated(fault.mayHaveBilled());
        call.emit(new LlmEvent.RetryScheduled(
                call.info(),
                call.attemptCount() + 1,
                Duration.ofNanos(decided.delayNanos()),
                fault.cause(),
                change(decided.change()),
                fault.mayHaveBilled()));
        last.close();
    }

    private static LlmEvent.RetryScheduled.Change change(Alternative alternative) {
        return switch (alternative) {
            case NONE -> LlmEvent.RetryScheduled.Change.NOTHING;
            case KEY -> LlmEvent.RetryScheduled.Change.KEY;
            case TOKEN -> LlmEvent.RetryScheduled.Change.TOKEN;
            case DEPLOYMENT -> LlmEvent.RetryScheduled.Change.DEPLOYMENT;
            case FALLBACK -> LlmEvent.RetryScheduled.Change.FALLBACK;
        };
    }

    private void refuse(Fault fault, NextTry decided, Why why) {
        Duration wait = Duration.ofNanos(decided.delayNanos());
        call.emit(new LlmEvent.RetryRefused(call.info(), call.attemptCount(), fault.cause(), why, wait));
        Fault.Builder explained = fault.toBuilder().evidence("not sent again", Refusals.text(why, stage.settings()));
        if (decided.delayNanos() > 0) {
            explained.evidence("would have waited", Nanos.text(decided.delayNanos()));
        }
        if (nesting != null) {
            explained.evidence("sent again by", nesting.layer());
        }
        last = new Failure(explained.build(), last.thrown(), last.refused());
    }

    private LlmResponse givenUp() throws LlmFaultException {
        if (mode != RetryMode.OFF && last.fault().cause() != FaultCause.CANCELLED) {
            stage.nested().returned(call, nesting);
        }
        LlmResponse refused = last.refused();
        if (refused == null) {
            throw thrown(last);
        }
        call.failedBy(refused, last.fault());
        return mode == RetryMode.OFF
                ? refused
                : refused.toBuilder().header("X-Should-Retry", "false").build();
    }

    private LlmFaultException thrown(Failure failure) {
        LlmFaultException known = failure.asException();
        if (earlier.isEmpty() && known.fault().equals(failure.fault())) {
            return known;
        }
        LlmFaultException exception = new LlmFaultException(failure.fault(), known.getCause());
        for (Throwable suppressed : known.getSuppressed()) {
            exception.addSuppressed(suppressed);
        }
        return withEarlier(exception);
    }

    private void bound(long newer) {
        CallEvidence.bound(earlier, newer, Failure::evidenceBytes, Failure::brief);
    }

    private LlmFaultException withEarlier(LlmFaultException exception) {
        bound(Failure.evidenceBytes(exception));
        earlier.forEach(failure -> exception.addSuppressed(failure.asException()));
        return exception;
    }

    // Something other than a fault came: the call was ended, or a stage on the way threw an exception of its own.
    private LlmResponse stopped(IOException thrown) throws IOException {
        earlier.add(last);
        if (!isEnded()) {
            bound(0);
            earlier.forEach(failure -> thrown.addSuppressed(failure.asException()));
            throw thrown;
        }
        boolean billed = earlier.stream().anyMatch(failure -> failure.fault().mayHaveBilled());
        throw withEarlier(call.raise(call.endedFault(billed), thrown));
    }
}
