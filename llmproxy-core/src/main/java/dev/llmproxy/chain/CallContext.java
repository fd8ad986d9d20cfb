package dev.llmproxy.chain;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.Listeners;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one call: who asks, what was tried, how long it may take, whether it was ended. Its state belongs to
 * the thread of the call, except where a method says otherwise.
 */
public final class CallContext {
    private final CallInfo info;
    private final LlmRequest request;
    private final CallOptions options;
    private final Transport transport;
    private final Ticker ticker;
    private final Listeners listeners;
    private final long startedAt;
    private final AttemptTimers timers;
    private final AttemptTimers.Factory timing;
    private final @Nullable Part part;
    private final History history = new History();
    private final LastAnswer lastAnswer = new LastAnswer();
    private final Completion completion = new Completion();
    private final Cancellation cancellation = new Cancellation();
    // Most calls never wait by themselves.
    private volatile @Nullable Parker parker;
    private @Nullable Choice choice;
    private @Nullable String credentialWithheld;
    private long deadlineAt = Long.MAX_VALUE;
    private long limitedNanos;
    private volatile @Nullable Branches branches;
    private @Nullable AnswerTap tap;
    private boolean sharing;

    /**
     * Constructs the context of a call that starts now.
     *
     * @param info who it is
     * @param request the application's request
     * @param options what the application asks for
     * @param transport what sends
     * @param ticker the time
     * @param listeners who hears of it
     * @param timers make the timers of the call
     */
    public CallContext(
            CallInfo info,
            LlmRequest request,
            CallOptions options,
            Transport transport,
            Ticker ticker,
            Listeners listeners,
            AttemptTimers.Factory timers) {
        this.info = info;
        this.request = request;
        this.options = options;
        this.transport = transport;
        this.ticker = ticker;
        this.listeners = listeners;
        this.startedAt = ticker.nanos();
        this.timing = timers;
        this.part = null;
        this.timers = timers.start(this);
    }

    /** Constructs the context of a part of a call: what is told there is told as the call's, and its records are its own. */
    CallContext(CallContext root, Part part, Transport transport, CallOptions options, long startedAt) {
        this.info = root.info;
        this.request = root.request;
        this.options = options;
        this.transport = transport;
        this.ticker = root.ticker;
        this.listeners = root.listeners;
        this.startedAt = startedAt;
        this.deadlineAt = root.deadlineAt;
        this.timing = root.timing;
        this.part = part;
        this.timers = timing.start(this);
    }

    /**
     * Returns the call's id.
     *
     * @return an id that is unique in this process, and the same in all its events
     */
    public String id() {
        return info.id();
    }

    /**
     * Returns who the call is, as its events tell it.
     *
     * @return id, dialect, origin and model
     */
    public CallInfo info() {
        return info;
    }

    /**
     * Returns what the application asked for, as it came.
     *
     * @return the application's own request, without the headers that steer the proxy
     */
    public LlmRequest request() {
        return request;
    }

    /**
     * Returns what the application asks of this one call.
     *
     * @return its options
     */
    public CallOptions options() {
        return options;
    }

    /**
     * Returns what sends.
     *
     * @return the transport of this call
     */
    public Transport transport() {
        return transport;
    }

    /**
     * Returns the time.
     *
     * @return the ticker of the proxy
     */
    public Ticker ticker() {
        return ticker;
    }

    /**
     * Returns when the call began.
     *
     * @return nanoseconds of the ticker
     */
    public long startedAt() {
        return startedAt;
    }

    /**
     * Returns how long the call has been running.
     *
     * @return the time since its start
     */
    public Duration age() {
        return Duration.ofNanos(ticker.nanos() - startedAt);
    }

    /**
     * Sets when the call has to end, if that is earlier than what was set before.
     *
     * @param at nanoseconds of the ticker
     */
    public void deadlineAt(long at) {
        deadlineAt = Math.min(deadlineAt, at);
    }

    /**
     * Returns when the call has to end.
     *
     * @return nanoseconds of the ticker, {@link Long#MAX_VALUE} for never
     */
    public long deadlineAt() {
        return deadlineAt;
    }

    /**
     * Returns the attempts so far.
     *
     * @return the attempts in their order
     */
    public List<Attempt> attempts() {
        return history.attempts();
    }

    /**
     * Returns how many attempts there have been so far.
     *
     * @return the number of {@link #attempts()}
     */
    public int attemptCount() {
        return part == null ? history.attemptCount() : part.attemptCount();
    }

    /**
     * Returns the faults so far: of attempts, and those that were raised before anything was sent.
     *
     * @return the faults in their order
     */
    public List<Fault> faults() {
        return history.faults();
    }

    /**
     * Returns where the call was sent last, or is about to be sent.
     *
     * @return the name of the deployment, empty where none is configured
     */
    public String deployment() {
        return choice == null ? "" : choice.deployment();
    }

    /** Says whether a new token has been taken in place of one that was refused. */
    boolean hasRenewedToken() {
        return choice != null && choice.hasTaken(Choice.Alternative.TOKEN);
    }

    /**
     * Returns what the call is sent with, and what else it could be sent with: how the stages that choose and the one
     * that repeats talk to each other.
     *
     * @return the choice of this call
     */
    public Choice choice() {
        Choice known = choice;
        if (known == null) {
            known = new Choice();
            choice = known;
        }
        return known;
    }

    /**
     * Notes that no credential was added although there is one.
     *
     * @param reason why, and what to change
     */
    public void credentialWithheld(String reason) {
        credentialWithheld = reason;
    }

    Optional<String> credentialWithheld() {
        return Optional.ofNullable(credentialWithheld);
    }

    /**
     * Reads a body of this call into memory, unless it is there already.
     *
     * @param body the body
     * @return its bytes
     * @throws LlmFaultException if it cannot be read or is too large; the fault is raised
     */
    public ByteString read(LlmBody body) throws LlmFaultException {
        return BodyReading.read(this, body);
    }

    AttemptTimers timers() {
        return timers;
    }

    Attempt beginAttempt(LlmRequest sent) {
        return part == null ? beginNext(sent) : part.begin(sent);
    }

    /** Begins an attempt with the number behind those that are known here. */
    Attempt beginNext(LlmRequest sent) {
        return begin(attempt(history.attemptCount() + 1, sent));
    }

    int ownAttemptCount() {
        return history.attemptCount();
    }

    Attempt attempt(int number, LlmRequest sent) {
        return new Attempt(number, choice, sent, ticker, ticker.nanos());
    }

    Attempt begin(Attempt attempt) {
        history.add(attempt);
        timers.attemptStarted(attempt);
        emit(new LlmEvent.AttemptStarted(info, attempt.number(), attempt.deployment()), attempt.startedAt());
        if (!attempt.model().isEmpty()) {
            emit(new LlmEvent.ModelReplaced(info, attempt.number(), attempt.deployment(), attempt.model()));
        }
        return attempt;
    }

    /** Returns the branches of this call, which from now on number its attempts. */
    Branches branches() {
        Branches known = branches;
        if (known == null) {
            known = new Branches(history.attempts());
            branches = known;
        }
        return known;
    }

    /**
     * Takes over what has become of a branch that has run to its end.
     *
     * @param from the branch whose answer or failure is this call's
     * @param others those that have ended, too
     */
    void join(CallContext from, List<CallContext> others) {
        others.forEach(other -> history.addFaultsOf(other.history));
        history.addFaultsOf(from.history);
        takeAttempts();
        choice = from.choice;
        for (CallContext other : others) {
            if (other.choice != null) {
                choice().tried(other.choice);
            }
        }
        credentialWithheld = from.credentialWithheld;
        limitedNanos += from.limitedNanos;
        lastAnswer.takeFrom(from.lastAnswer);
        completion.takeActionsOf(info, from.completion);
    }

    /** Takes over the attempts of all branches. */
    void takeAttempts() {
        history.attemptsOf(branches());
    }

    /** Takes over all that is known of another part of the same call, in place of what is known here. */
    void take(CallContext from) {
        history.takeFrom(from.history);
        choice = from.choice;
        credentialWithheld = from.credentialWithheld;
        limitedNanos = from.limitedNanos;
    }

    /** Takes over the answer of a part that ends with this call, and what is to be done then. */
    void takeAnswer(CallContext from) {
        lastAnswer.takeFrom(from.lastAnswer);
        completion.takeActionsOf(info, from.completion);
    }

    /** Notes that the last attempt is no longer this call's alone: it ends by itself. */
    void share() {
        sharing = true;
    }

    boolean isSharing() {
        return sharing;
    }

    /**
     * Tells the listeners.
     *
     * @param event what happened
     */
    public void emit(LlmEvent event) {
        emit(event, ticker.nanos());
    }

    /** Tells the listeners, at a time that is known already. */
    void emit(LlmEvent event, long now) {
        if (part == null) {
            listeners.tell(event, now);
        } else {
            part.tell(event, now);
        }
    }

    /**
     * Returns how long answers like that of an attempt usually take.
     *
     * @param attempt an attempt of this call that has begun
     * @return what is known
     */
    public Usual usual(Attempt attempt) {
        return timers.usual(attempt);
    }

    /**
     * Raises a fault whose cause is known before anything is sent.
     *
     * @param fault the fault
     * @return the exception to throw
     */
    public LlmFaultException raise(Fault fault) {
        return raise(fault, null);
    }

    /**
     * Raises a fault whose cause is known before anything is sent.
     *
     * @param fault the fault
     * @param thrown what was thrown, or null
     * @return the exception to throw
     */
    public LlmFaultException raise(Fault fault, @Nullable IOException thrown) {
        note(0, fault);
        return new LlmFaultException(fault, thrown);
    }

    void note(int attempt, Fault fault) {
        history.add(fault);
        emit(new LlmEvent.FaultDetected(info, attempt, fault));
    }

    /** Notes what was found of an exception that goes up as it is. */
    void explain(Throwable thrown, Fault fault) {
        history.explain(thrown, fault);
    }

    /** Returns what was found of an exception, or null where nobody has looked at it. */
    @Nullable
    Fault faultOf(Throwable thrown) {
        return history.faultOf(thrown);
    }

    /**
     * Notes that the call was ended from outside, and wakes whoever waits. May be called from any thread.
     *
     * @param by who ended it
     */
    public void cancelled(Ending by) {
        cancellation.by(by);
        Parker waiting = parker;
        if (waiting != null) {
            waiting.unpark();
        }
        Branches running = branches;
        if (running != null) {
            running.cancelled(by);
        }
        cancellation.runAction();
    }

    /**
     * Has something done as soon as the call is ended from outside, on the thread that ends it; at once if it has been. One
     * action: the last that was set.
     *
     * @param action must be quick, not throw, and may be run more than once
     */
    public void onCancel(Runnable action) {
        cancellation.then(action);
        // Looked at after it was set: who ends the call looks the other way round.
        if (isCancelled()) {
            action.run();
        }
    }

    /**
     * Ends the call from outside as long as it has no answer: one that was handed over must not be cut for what came
     * before it. May be called from any thread.
     *
     * @param by who ends it
     * @return whether it was ended
     */
    public boolean cancelledBeforeAnswer(Ending by) {
        if (!cancellation.beforeAnswer(by)) {
            return false;
        }
        cancelled(by);
        return true;
    }

    /** Notes that the answer is handed over, and returns which timer has ended the call before that. */
    Optional<Ending> handedOver() {
        return cancellation.handedOver();
    }

    /**
     * Says whether the application has ended the call. May be called from any thread.
     *
     * @return whether nothing more is to be sent
     */
    public boolean isCancelled() {
        return cancellation.isCancelled() || transport.isCancelled();
    }

    /**
     * Returns who ended the call from outside.
     *
     * @return who, or nothing
     */
    public Optional<Ending> ending() {
        return cancellation.ending();
    }

    /**
     * Waits. This is the one place in which a call waits by itself.
     *
     * @param duration for how long
     * @throws InterruptedIOException if the call is ended or the thread is interrupted meanwhile; its flag stays set
     */
    public void await(Duration duration) throws InterruptedIOException {
        timers.waitStarted();
        parker().await(duration);
    }

    // Seen by whoever ends the call before it is looked whether somebody has.
    private Parker parker() {
        Parker known = parker;
        if (known == null) {
            known = new Parker(this);
            parker = known;
        }
        return known;
    }

    /**
     * Waits until the thread of the call is unparked, the call is ended, or for no reason.
     *
     * @param nanos for how long at the most
     */
    public void park(long nanos) {
        parker().park(nanos);
    }

    /**
     * Waits for what another call does, as long as this call may last.
     *
     * @param other what it does
     * @param nanos for how long at the most, {@link Long#MAX_VALUE} for no limit but the call's own
     * @throws InterruptedIOException if this call is ended or the thread is interrupted meanwhile; its flag stays set
     */
    public void awaitUntil(Awaited other, long nanos) throws InterruptedIOException {
        long from = ticker.nanos();
        parker().awaitUntil(other, () -> nanos - (ticker.nanos() - from));
    }

    /**
     * Waits for something that ends, or until a time has come. Counts as a wait in the limits of the proxy.
     *
     * @param other what ends
     * @param until nanoseconds of the ticker; asked again whenever the thread is woken
     * @throws InterruptedIOException if this call is ended or the thread is interrupted meanwhile; its flag stays set
     */
    public void awaitUntil(Awaited other, LongSupplier until) throws InterruptedIOException {
        timers.waitStarted();
        long from = ticker.nanos();
        try {
            parker().awaitUntil(other, () -> until.getAsLong() - ticker.nanos());
        } finally {
            limitedNanos += ticker.nanos() - from;
        }
    }

    /** Returns for how long the call has waited in the limits of the proxy. */
    long limitedNanos() {
        return limitedNanos;
    }

    /**
     * Makes sure that the call still goes on.
     *
     * @throws InterruptedIOException if it was ended or its thread is interrupted; the flag stays set
     */
    public void throwIfEnded() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            cancelled(Ending.byCaller());
            throw new InterruptedIOException("interrupted");
        }
        if (isCancelled()) {
            throw new InterruptedIOException("canceled");
        }
    }

    /**
     * Returns the fault of this call, which was ended from outside while nothing of it was being sent.
     *
     * @param mayHaveBilled whether anything that was sent before may have been billed
     * @return that it was cancelled, or which timer has ended it
     */
    public Fault endedFault(boolean mayHaveBilled) {
        return EndedWait.fault(this, mayHaveBilled);
    }

    /**
     * Runs an action when the call has ended, however it ends.
     *
     * @param action must not throw
     */
    public void onEnd(Runnable action) {
        completion.add(action);
    }

    /**
     * Has a stage told when the call has ended, however it ends: like {@link #onEnd(Runnable)}, but nothing is made for
     * it. A stage that asks for it again is told once.
     *
     * @param stage must not throw
     */
    public void onEnd(End stage) {
        if (!completion.tell(stage)) {
            completion.add(() -> stage.ended(this));
        }
    }

    /**
     * Holds something until the call has ended, however it ends: the place of an answer that is being read. What was held
     * before is let go; in a branch it is held until the branch has ended, or else its call.
     *
     * @param something what is held
     * @param amount how much of it
     */
    public void holdUntilEnd(Held something, long amount) {
        completion.hold(info, something, amount, history.lastAttempt());
    }

    /**
     * Says that an answer stands for a fault: when it is handed over and its body ends, the call has failed by it. Of an
     * answer that was refused this replaces the fault by one that says more.
     *
     * @param answer the answer, with the body that is going to be handed over
     * @param fault the fault
     */
    public void failedBy(LlmResponse answer, Fault fault) {
        lastAnswer.failedBy(answer, fault);
    }

    /**
     * Lets somebody hear the bytes of the answer that this call is going to hand over. Of several only the last one does.
     *
     * @param hearing who hears them
     */
    public void tap(AnswerTap hearing) {
        tap = Objects.requireNonNull(hearing, "tap");
    }

    @Nullable
    AnswerTap tap() {
        return tap;
    }

    /**
     * Raises the fault of this call, which was ended from outside while it waited for something other than its own attempt.
     *
     * @param thrown what ended the wait
     * @return the exception to throw
     */
    public LlmFaultException raiseEnded(IOException thrown) {
        return raise(EndedCall.fault(this), thrown);
    }

    LastAnswer lastAnswer() {
        return lastAnswer;
    }

    /**
     * Ends a call whose answer the application dropped without closing it. May be called from any thread: nobody else
     * holds the answer any more.
     */
    public void abandoned() {
        Abandonment.end(this);
    }

    /**
     * Returns the attempt that was begun last.
     *
     * @return the attempt, or null where none was begun
     */
    public @Nullable Attempt lastAttempt() {
        return history.lastAttempt();
    }

    boolean hasEnded() {
        return part == null ? completion.hasEnded() : part.hasEnded();
    }

    /** Ends the call once; whoever comes later is not heard. */
    boolean end(LlmEvent.OfCall event, long now) {
        if (part != null) {
            return part.end(event, now);
        }
        if (!completion.tryEnd()) {
            return false;
        }
        timers.callEnded();
        Branches begun = branches;
        if (begun != null) {
            begun.callEnded();
        }
        emit(event, now);
        info.release();
        completion.runActions(this);
        return true;
    }

    void partEnded() {
        timers.callEnded();
        completion.runActions(this);
    }

    /** The end of a part that ends by itself, which comes once. */
    Completion completion() {
        return completion;
    }

    /** Returns the call's id and how many attempts there were. */
    @Override
    public String toString() {
        return info + " after " + attemptCount() + " attempts";
    }

    /**
     * What a stage does when a call has ended. The stage itself can be that: what it has to remember of the call lies on
     * the call, so that nothing has to be made for each.
     */
    @FunctionalInterface
    public interface End {
        /**
         * Called once when a call has ended, however it ended; for one of several ways that a call went at the same time
         * when that way has ended. By any thread. Must not throw.
         *
         * @param call the call, or that way of it
         */
        void ended(CallContext call);
    }
}
