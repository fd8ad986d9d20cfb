package dev.llmproxy.retry;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Branch;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.StageChain;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One of the two ways that a hedged call goes, and how it ended. */
final class Leg implements Runnable {
    private final Race race;
    private final LlmRequest request;
    private @Nullable Branch branch;
    private volatile @Nullable Attempt sent;
    // Written by the thread of the leg, and handed over by Race.ended.
    private @Nullable LlmResponse answer;
    private @Nullable Failure failure;
    private @Nullable Throwable thrown;

    private Leg(Race race, LlmRequest request) {
        this.race = race;
        this.request = request;
    }

    static Optional<Leg> of(Race race, CallContext call, LlmRequest request) {
        Leg leg = new Leg(race, request);
        Optional<Branch> branch = Branch.of(call, leg::sending);
        leg.branch = branch.orElse(null);
        return branch.map(begun -> leg);
    }

    private void sending(Attempt attempt) {
        if (sent == null) {
            sent = attempt;
            race.sending(this, attempt);
        }
    }

    Branch branch() {
        if (branch == null) {
            throw new IllegalStateException("leg: no branch (expected: one that has begun)");
        }
        return branch;
    }

    /** Returns the first attempt, once it is being sent. */
    @Nullable
    Attempt sent() {
        return sent;
    }

    // Throwable: whatever it is belongs to the thread of the call.
    @Override
    @SuppressWarnings("CatchThrowable")
    public void run() {
        CallContext call = branch().call();
        try {
            LlmResponse response = StageChain.run(race.rest(), call, request);
            Fault fault = RetryStage.faultOf(call, response);
            if (fault == null) {
                answer = response;
            } else {
                failure = Failure.of(fault, response);
            }
        } catch (LlmFaultException e) {
            failure = Failure.of(e);
        } catch (Throwable e) {
            thrown = e;
        }
        if (!race.ended(this)) {
            drop();
        }
    }

    @Nullable
    LlmResponse answer() {
        return answer;
    }

    // The application alone holds it from now on: else nobody would notice that it drops it.
    @Nullable
    LlmResponse take() {
        LlmResponse taken = answer;
        answer = null;
        return taken;
    }

    @Nullable
    Failure failure() {
        return failure;
    }

    /** Says whether it got an answer that refuses it, which may be handed on. */
    boolean isRefused() {
        return failure != null && failure.refused() != null;
    }

    boolean mayHaveBilled() {
        return failure != null && failure.fault().mayHaveBilled();
    }

    /** Lets go of what came of it. */
    void drop() {
        try {
            if (answer != null) {
                answer.close();
            }
        } catch (IOException e) {
            // Nobody wanted it.
        }
        if (failure != null) {
            failure.close();
        }
        branch().close();
    }

    /** Returns how it failed, for the call. */
    LlmResponse failed(@Nullable Leg other) throws IOException {
        Failure known = failure;
        failure = null;
        if (known != null && known.refused() != null) {
            return known.refused();
        }
        Throwable exception = known == null ? thrown : known.asException();
        Throwable second = other == null ? null : other.exception();
        if (exception != null && second != null && second != exception) {
            exception.addSuppressed(second);
        }
        if (exception instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (exception instanceof Error error) {
            throw error;
        }
        throw exception instanceof IOException io ? io : new IOException(exception);
    }

    private @Nullable Throwable exception() {
        return failure == null ? thrown : failure.asException();
    }
}
