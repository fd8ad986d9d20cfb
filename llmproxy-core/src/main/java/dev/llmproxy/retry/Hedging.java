package dev.llmproxy.retry;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.RetryMode;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.Usual;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What all hedged calls share: when a second attempt is worth its price, what runs it, and what came of it. */
final class Hedging {
    private static final int MOST_THREADS = 512;
    private static final long IDLE_SECONDS = 10;
    private static final long FEWEST_SAMPLES = 100;
    private static final long SHORTEST_DELAY = Duration.ofMillis(500).toNanos();

    private final Retry settings;
    private final HedgeBudget budget;
    private final RetryBudget retries;
    private final Headroom headroom = new Headroom();
    private final Stage[] rest;
    private final Executor executor;
    private final Ledger ledger;

    Hedging(Retry settings, RetryBudget retries, Stage[] rest, Executor executor, Ledger ledger) {
        this.settings = settings;
        this.retries = retries;
        this.budget = new HedgeBudget(settings.hedgeShare());
        this.rest = rest;
        this.executor = executor;
        this.ledger = ledger;
    }

    /** Returns threads that end when they have nothing to do; where there are too many nothing is hedged. */
    static ExecutorService threads() {
        return new ThreadPoolExecutor(
                0, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, "llmproxy-hedge");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Begins the first pass of a call in a way that a second attempt can be added to; null where none may be. */
    @Nullable
    Race race(CallContext call, LlmRequest request) throws IOException {
        if (!isHedged(call)) {
            return null;
        }
        budget.callStarted();
        LlmBody body = request.body().orElse(null);
        if (body != null) {
            // Two attempts write it at the same time.
            var unused = call.read(body);
        }
        Race race = new Race(this, call, request);
        return race.start() ? race : null;
    }

    private boolean isHedged(CallContext call) {
        return call.info().dialect().isPresent()
                && call.info().facts().streaming()
                && call.options().retry().orElse(settings.mode()) != RetryMode.OFF;
    }

    /** Returns for how long a first token is waited for before it is late, {@link Long#MAX_VALUE} where nobody knows. */
    static long delay(Usual usual) {
        return usual.samples() < FEWEST_SAMPLES ? Long.MAX_VALUE : Math.max(SHORTEST_DELAY, usual.firstLate());
    }

    /** Learns from an answer how much the place has left from which it came. */
    void learn(CallContext call, LlmResponse answer) {
        headroom.learn(RetryStage.placeOf(call), answer.headers(), call.ticker().nanos());
    }

    /**
     * Returns where a second attempt can go: to another deployment that has enough left, else to the first one's.
     *
     * @param first where the first attempt is, empty where there are no deployments
     * @param among all deployments that there are
     * @return the name of the deployment; null where nobody has enough left
     */
    @Nullable
    String target(CallContext call, String first, List<String> among, long now) {
        for (String other : among) {
            if (!other.equals(first) && canSpare(call, other, now)) {
                return other;
            }
        }
        return canSpare(call, first, now) ? first : null;
    }

    private boolean canSpare(CallContext call, String deployment, long now) {
        String place = RetryStage.placeOf(call, deployment);
        return headroom.isThere(place, now) && retries.hasReserve(place, now);
    }

    HedgeBudget budget() {
        return budget;
    }

    Stage[] rest() {
        return rest;
    }

    Executor executor() {
        return executor;
    }

    Ledger ledger() {
        return ledger;
    }
}
