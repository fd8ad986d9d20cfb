package dev.llmproxy.chain;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import java.io.IOException;
import java.util.Optional;
import okio.BufferedSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * A run of the rest of the chain that begins as a part of one call, its leader, and may outlive it, because other calls
 * read its answer, too.
 *
 * <p>The leader's thread runs it, with {@link #call} as the context, and then says what becomes of it: either it stays a
 * part of the leader ({@link #join}), or it is {@linkplain #publish published}. Until then whatever ends the leader ends
 * it. Afterwards only its own budgets, {@link #cancel} and its answer's end do: the leader may end first, and the end of
 * the attempt is told after the end of the call that sent it. What stages behind it have registered with
 * {@link CallContext#onEnd} is done when the run ends.
 */
public final class SharedRun extends Part {
    private final CallContext leader;
    private final CallContext own;
    private final BranchTransport transport;
    private final Object binding = new Object();
    // Guarded by binding: that the leader has ended and that it is left are put in an order.
    private boolean published;

    private SharedRun(CallContext leader, Transport detached) {
        this.leader = leader;
        Transport client = leader.transport();
        this.transport = new BranchTransport(leader, client::detachUntimed, detached, attempt -> {});
        this.own = new CallContext(
                leader,
                this,
                transport,
                unlimited(leader.options()),
                leader.ticker().nanos());
        own.take(leader);
        leader.onCancel(this::leaderEnded);
    }

    /**
     * Begins a run, on the thread of the call that leads it. It replaces what {@link CallContext#onCancel} of that call has
     * been given.
     *
     * @param leader the call
     * @return the run; nothing where the client cannot send beside a call, or does not tell when one is cancelled
     */
    public static Optional<SharedRun> of(CallContext leader) {
        return leader.transport().announcesCancellation()
                ? leader.transport().detachUntimed().map(detached -> new SharedRun(leader, detached))
                : Optional.empty();
    }

    // The deadline is the leader's own.
    private static CallOptions unlimited(CallOptions of) {
        return of.withoutDeadline();
    }

    /**
     * Returns the context with which the stages run.
     *
     * @return the context; its records belong to the leader's thread until the run is published, and then to whoever reads
     */
    public CallContext call() {
        return own;
    }

    private void leaderEnded() {
        synchronized (binding) {
            if (published) {
                return;
            }
        }
        end(leader.ending().or(() -> leader.transport().ending()).orElse(Ending.byCaller()));
    }

    private void end(Ending by) {
        own.cancelled(by);
        transport.cancel();
    }

    /**
     * Lets the run stay a part of its leader: its failure or its answer is the leader's alone. Called by the leader's
     * thread.
     */
    public void join() {
        leader.take(own);
        leader.takeAnswer(own);
        leader.onEnd(own.timers()::callEnded);
    }

    /**
     * Frees the run from its leader, which takes over its attempts and faults. Called by the leader's thread.
     *
     * @param answer the answer of the run
     * @return the same, with a body that any thread may read, one at a time, and that has to be closed; a read that is
     *     interrupted throws a bare {@link java.io.InterruptedIOException}, and the next one goes on. Nothing where the
     *     leader was ended before: then it is to be {@linkplain #join joined}, and the answer closed
     * @throws IOException if one of the run's own timers has ended it just before
     */
    public Optional<LlmResponse> publish(LlmResponse answer) throws IOException {
        synchronized (binding) {
            if (leader.isCancelled()) {
                return Optional.empty();
            }
            published = true;
        }
        transport.free();
        // The events of the run may be told when the leader has let go of its request.
        var unused = own.info().facts();
        leader.take(own);
        leader.share();
        try {
            return Optional.of(handOver(answer));
        } catch (IOException e) {
            leader.take(own);
            throw e;
        }
    }

    private LlmResponse handOver(LlmResponse answer) throws IOException {
        AnswerSource known = own.lastAnswer().behind(answer.body());
        AnswerSource source = known == null ? AnswerSource.ofStage(own, answer) : known;
        BufferedSource body = known == null ? Okio.buffer(source) : answer.body();
        source.share();
        source.handOver(body, own.tap());
        own.lastAnswer().forget();
        return answer.toBuilder().body(body, answer.length()).build();
    }

    /** Ends the run, whatever it is doing. May be called from any thread. */
    public void cancel() {
        end(Ending.byCaller());
    }

    /**
     * Says whether the answer has said that it is whole. For the thread that reads.
     *
     * @return whether nothing is lost by reading no further; true where nobody looks at it
     */
    public boolean isAnswerWhole() {
        Attempt last = own.lastAttempt();
        AnswerWatch watch = last == null ? null : last.receiving().watch();
        return watch == null || watch.isComplete();
    }

    /**
     * Returns what an exception or a refusal of the run is, as other calls are told of it.
     *
     * @return such as {@code attempt 2 of call a1-7}
     */
    public String origin() {
        @Nullable Attempt last = own.lastAttempt();
        return (last == null ? "" : "attempt " + last.number() + " of ") + "call " + own.id();
    }

    @Override
    int attemptCount() {
        return own.ownAttemptCount();
    }

    @Override
    Attempt begin(LlmRequest sent) {
        return own.beginNext(sent);
    }

    @Override
    void tell(LlmEvent event, long now) {
        leader.emit(event, now);
    }

    @Override
    boolean hasEnded() {
        return isPublished() ? own.completion().hasEnded() : leader.hasEnded();
    }

    // The calls that read the answer of a published run tell their ends themselves.
    @Override
    boolean end(LlmEvent.OfCall event, long now) {
        if (isPublished()) {
            boolean ended = own.completion().tryEnd();
            if (ended) {
                own.partEnded();
            }
            return ended;
        }
        own.partEnded();
        return leader.end(event, now);
    }

    private boolean isPublished() {
        synchronized (binding) {
            return published;
        }
    }

    @Override
    public String toString() {
        return "shared run of " + leader;
    }
}
