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
    private final @Nullable Branch branch;
    private final History history = new History();
    private final LastAnswer lastAnswer = new LastAnswer();
    private final Completion completion = new Completion();
    private final Parker parker = new Parker(this);
    private @Nullable Choice choice;
    private @Nullable String credentialWithheld;
    private long deadlineAt = Long.MAX_VALUE;
    private final Object handingOver = new Object();
    private boolean handedOver;
    private long limitedNanos;
    private volatile boolean cancelled;
    private volatile @Nullable Ending ending;
    private volatile @Nullable Branches branches;

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
        this.branch = null;
        this.timers = timers.start(this);
    }

    /** Constructs the context of a branch: what is told there is told as this call's, and its records are its own. */
    CallContext(CallContext root, Branch branch, Transport transport) {
        this.info = root.info;
        this.request = root.request;
        this.options = root.options;
        this.transport = transport;
        this.ticker = root.ticker;
        this.listeners = root.listeners;
        this.startedAt = root.startedAt;
        this.deadlineAt = root.deadlineAt;
        this.timing = root.timing;
        this.branch = branch;
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
        return branch == null ? history.attemptCount() : branch.attemptCount();
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
        return branch == null ? begin(attempt(history.attemptCount() + 1, sent)) : branch.begin(sent);
    }

    Attempt attempt(int number, LlmRequest sent) {
        return new Attempt(number, deployment(), sent.url(), sent.signature().orElse(null), ticker, ticker.nanos());
    }

    Attempt begin(Attempt attempt) {
        history.add(attempt);
        timers.attemptStarted(attempt);
        emit(new LlmEvent.AttemptStarted(info, attempt.number(), attempt.deployment()));
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

    /**
     * Tells the listeners.
     *
     * @param event what happened
     */
    public void emit(LlmEvent event) {
        if (branch == null) {
            listeners.tell(event);
        } else {
            branch.tell(event);
        }
    }

    void tell(LlmEvent event) {
        listeners.tell(event);
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
        synchronized (handingOver) {
            if (ending == null) {
                ending = by;
            }
        }
        cancelled = true;
        parker.unpark();
        Branches running = branches;
        if (running != null) {
            running.cancelled(by);
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
        synchronized (handingOver) {
            if (handedOver) {
                return false;
            }
            if (ending == null) {
                ending = by;
            }
        }
        cancelled(by);
        return true;
    }

    /** Notes that the answer is handed over, and returns which timer has ended the call before that. */
    Optional<Ending> handedOver() {
        synchronized (handingOver) {
            handedOver = true;
            return ending().filter(by -> by.by() == Ending.By.TIMER);
        }
    }

    /**
     * Says whether the application has ended the call. May be called from any thread.
     *
     * @return whether nothing more is to be sent
     */
    public boolean isCancelled() {
        return cancelled || transport.isCancelled();
    }

    /**
     * Returns who ended the call from outside.
     *
     * @return who, or nothing
     */
    public Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /**
     * Waits. This is the one place in which a call waits by itself.
     *
     * @param duration for how long
     * @throws InterruptedIOException if the call is ended or the thread is interrupted meanwhile; its flag stays set
     */
    public void await(Duration duration) throws InterruptedIOException {
        timers.waitStarted();
        parker.await(duration);
    }

    /**
     * Waits until the thread of the call is unparked, the call is ended, or for no reason.
     *
     * @param nanos for how long at the most
     */
    public void park(long nanos) {
        parker.park(nanos);
    }

    /**
     * Waits for what another call does, as long as this call may last.
     *
     * @param other what it does
     * @throws InterruptedIOException if this call is ended or the thread is interrupted meanwhile; its flag stays set
     */
    public void awaitUntil(Awaited other) throws InterruptedIOException {
        parker.awaitUntil(other);
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
            parker.awaitUntil(other, until);
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
     * Runs an action when the call has ended, however it ends.
     *
     * @param action must not throw
     */
    public void onEnd(Runnable action) {
        completion.add(action);
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
        return branch == null ? completion.hasEnded() : branch.root().hasEnded();
    }

    /** Ends the call once; whoever comes later is not heard. */
    boolean end(LlmEvent.OfCall event) {
        if (branch != null) {
            branchEnded();
            return branch.root().end(event);
        }
        if (!completion.tryEnd()) {
            return false;
        }
        timers.callEnded();
        Branches begun = branches;
        if (begun != null) {
            begun.callEnded();
        }
        emit(event);
        info.release();
        completion.runActions(info);
        return true;
    }

    void branchEnded() {
        timers.callEnded();
        completion.runActions(info);
    }

    /** Returns the call's id and how many attempts there were. */
    @Override
    public String toString() {
        return info + " after " + attemptCount() + " attempts";
    }
}
