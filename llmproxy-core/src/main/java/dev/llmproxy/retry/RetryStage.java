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
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Sends a call again whose failure says that this may help. The only stage that does. */
public final class RetryStage implements Stage, AutoCloseable {
    private static final String FAULT = CallOptions.HEADER_PREFIX + "Fault";

    private final Retry settings;
    private final Backoff backoff;
    private final RetryBudget budget;
    private final NestedRetries nested = new NestedRetries();
    private final Ledger ledger = new Ledger();
    private final FailsafeExecutor<Repeats> failsafe;
    private final @Nullable ExecutorService threads;
    private final @Nullable Hedging hedging;

    /**
     * Constructs the stage.
     *
     * @param settings how often, and at what price
     * @param random spreads the waits; thread-safe
     * @param rest the stages behind this one, which a second attempt beside the first runs through
     */
    public RetryStage(Retry settings, RandomGenerator random, Stage[] rest) {
        this(settings, random, rest, settings.isHedging() ? Hedging.threads() : null, null);
    }

    RetryStage(
            Retry settings,
            RandomGenerator random,
            Stage[] rest,
            @Nullable ExecutorService threads,
            @Nullable Executor instead) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.backoff = new Backoff(Objects.requireNonNull(random, "random"));
        this.budget = new RetryBudget(settings.budget());
        // Without a delay: it would sleep where nobody can wake it, and by a clock that no test holds.
        RetryPolicy<Repeats> policy = RetryPolicy.<Repeats>builder()
                .withMaxAttempts(Math.max(1, settings.attempts() - 1))
                .handleIf((repeats, thrown) -> thrown == null && repeats.goesOn())
                .build();
        this.failsafe = Failsafe.with(policy);
        this.threads = threads;
        Executor executor = threads == null ? instead : threads;
        this.hedging = executor == null ? null : new Hedging(settings, budget, rest, executor, ledger);
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        CallContext call = chain.call();
        budget.callStarted(call.startedAt());
        int attempts = call.attemptCount();
        Race race = hedging == null ? null : hedging.race(call, request);
        LlmResponse response;
        try {
            response = race == null ? chain.proceed(request) : race.run();
        } catch (LlmFaultException e) {
            return repeat(request, chain, Failure.of(e), race, attempts);
        }
        learn(call, response);
        Fault fault = faultOf(call, response);
        return fault == null
                ? succeeded(call, response)
                : repeat(request, chain, Failure.of(fault, response), race, attempts);
    }

    private LlmResponse repeat(LlmRequest request, Chain chain, Failure first, @Nullable Race race, int attempts)
            throws IOException {
        if (hedging != null) {
            hedging.budget().failed(first.fault(), chain.call().ticker().nanos());
        }
        int passes = race == null ? 1 : race.legs();
        LlmResponse response = new Repeats(this, request, chain, first, passes, attempts).run();
        learn(chain.call(), response);
        return succeeded(chain.call(), response);
    }

    private void learn(CallContext call, LlmResponse response) {
        if (hedging != null) {
            hedging.learn(call, response);
        }
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
        return placeOf(call, call.choice().deployment());
    }

    static String placeOf(CallContext call, String deployment) {
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

    /** Lets running calls end; the threads of second attempts end with them. */
    @Override
    public void close() {
        if (threads != null) {
            threads.shutdown();
        }
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
