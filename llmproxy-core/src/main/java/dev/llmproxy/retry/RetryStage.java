package dev.llmproxy.retry;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Sends a call again whose failure says that this may help. The only stage that does. */
public final class RetryStage implements Stage {
    private static final String FAULT = CallOptions.HEADER_PREFIX + "Fault";

    private final Retry settings;
    private final Backoff backoff;
    private final RetryBudget budget;
    private final NestedRetries nested = new NestedRetries();
    private final Ledger ledger = new Ledger();
    private final FailsafeExecutor<Repeats> failsafe;

    /**
     * Constructs the stage.
     *
     * @param settings how often, and at what price
     * @param random spreads the waits; thread-safe
     */
    public RetryStage(Retry settings, RandomGenerator random) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.backoff = new Backoff(Objects.requireNonNull(random, "random"));
        this.budget = new RetryBudget(settings.budget());
        // Without a delay: it would sleep where nobody can wake it, and by a clock that no test holds.
        RetryPolicy<Repeats> policy = RetryPolicy.<Repeats>builder()
                .withMaxAttempts(Math.max(1, settings.attempts() - 1))
                .handleIf((repeats, thrown) -> thrown == null && repeats.goesOn())
                .build();
        this.failsafe = Failsafe.with(policy);
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        CallContext call = chain.call();
        budget.callStarted(call.startedAt());
        LlmResponse response;
        try {
            response = chain.proceed(request);
        } catch (LlmFaultException e) {
            return repeat(request, chain, Failure.of(e));
        }
        Fault fault = faultOf(call, response);
        return fault == null ? succeeded(call, response) : repeat(request, chain, Failure.of(fault, response));
    }

    private LlmResponse repeat(LlmRequest request, Chain chain, Failure first) throws IOException {
        return succeeded(chain.call(), new Repeats(this, request, chain, first).run());
    }

    private LlmResponse succeeded(CallContext call, LlmResponse response) {
        if (budget.isDrawn() && faultOf(call, response) == null) {
            budget.earn(placeOf(call), call.ticker().nanos());
        }
        return response;
    }

    /** Returns why an answer is a refusal, null where it is none. */
    static @Nullable Fault faultOf(CallContext call, LlmResponse response) {
        List<Fault> faults = call.faults();
        boolean refused = !faults.isEmpty() && response.headers().contains(FAULT);
        return refused ? faults.get(faults.size() - 1) : null;
    }

    /** Returns what pays for the repeats of a call: the model at the deployment, or at the origin. */
    static String placeOf(CallContext call) {
        String deployment = call.choice().deployment();
        String place = deployment.isEmpty() ? call.info().origin().toString() : deployment;
        return place + ' ' + call.info().model().orElse("");
    }

    /**
     * Returns what was done so far.
     *
     * @return the counts since the stage was built
     */
    public Retry.Counts counts() {
        return ledger.counts();
    }

    Retry settings() {
        return settings;
    }

    Backoff backoff() {
        return backoff;
    }

    RetryBudget budget() {
        return budget;
    }

    NestedRetries nested() {
        return nested;
    }

    Ledger ledger() {
        return ledger;
    }

    FailsafeExecutor<Repeats> failsafe() {
        return failsafe;
    }

    @Override
    public String toString() {
        return "retry";
    }
}
