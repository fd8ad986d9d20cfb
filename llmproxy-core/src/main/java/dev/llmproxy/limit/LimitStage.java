package dev.llmproxy.limit;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call to a model through when the limits of its deployment have room for it. What it has taken is given back when
 * it fails, else when its answer has ended.
 */
public final class LimitStage implements Stage {
    private final Limiters limiters;

    /** Is told what is wrong with a shared budget. */
    @FunctionalInterface
    public interface Conditions {
        /**
         * Hears of a condition.
         *
         * @param cause what it is
         * @param place where
         * @param explained what is told of it, asked for only when it is
         */
        void notice(FaultCause cause, String place, Supplier<Fault> explained);
    }

    /**
     * Constructs the stage.
     *
     * @param limits the limits of each place
     * @param ticker the time
     * @param hasSeveralKeys says of a deployment and a URL whether there are several keys, whose limits add up
     * @param conditions is told when a shared budget cannot be reached
     */
    public LimitStage(Limits limits, Ticker ticker, BiPredicate<String, LlmUrl> hasSeveralKeys, Conditions conditions) {
        this.limiters = new Limiters(Objects.requireNonNull(limits, "limits"), ticker, hasSeveralKeys, conditions);
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        CallContext call = chain.call();
        if (call.info().dialect().isEmpty()) {
            return chain.proceed(request);
        }
        Limiter limiter = limiters.of(call, request.url());
        long needed = limiter.acquire(call, request);
        int attempts = call.attemptCount();
        int faults = call.faults().size();
        boolean answered = false;
        try {
            LlmResponse response = chain.proceed(request);
            answered = response.isSuccessful();
            learn(call, limiter, response);
            return response;
        } finally {
            if (answered) {
                call.holdUntilEnd(limiter, needed);
            } else {
                limiter.failed(call, needed, newest(call.faults(), faults), call.attemptCount() > attempts);
            }
        }
    }

    private static void learn(CallContext call, Limiter limiter, LlmResponse response) {
        Attempt attempt = call.lastAttempt();
        if (response.isSuccessful() && attempt != null && attempt.reached(Phase.FIRST_BYTE)) {
            limiter.answered(call.info(), response.headers(), attempt);
        }
    }

    private static @Nullable Fault newest(List<Fault> faults, int before) {
        return faults.size() > before ? faults.get(faults.size() - 1) : null;
    }

    /**
     * Returns how much is left of the limits of a deployment, for those who choose between several.
     *
     * @param deployment its name
     * @param now nanoseconds of the ticker
     * @return 0, where a call would be refused or wait, to 1
     */
    public double headroom(String deployment, long now) {
        Limiter limiter = limiters.named(deployment);
        return limiter == null ? 1 : limiter.headroom(now);
    }

    /**
     * Returns how much of the limits is in use.
     *
     * @return the places that were called, by name
     */
    public List<Limits.Use> uses() {
        return limiters.uses();
    }

    @Override
    public String toString() {
        return "limit";
    }
}
