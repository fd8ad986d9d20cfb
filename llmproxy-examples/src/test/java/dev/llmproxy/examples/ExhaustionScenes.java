package dev.llmproxy.examples;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Reply;

/** Limits that are used up, there and here. */
final class ExhaustionScenes extends FaultScene {
    @Reproduces(FaultCause.RETRY_STORM)
    void anSdkRetriesAboveOurRetries() {
        proxy.retry(Retry.attempts(3));
        provider.always(Reply.status(503).header("Retry-After-Ms", "1"));
        ask(chat("Why?").header("X-Stainless-Retry-Count", "1"));
    }

    @Reproduces(FaultCause.NO_DEPLOYMENT)
    void theOnlyDeploymentIsEjected() {
        String base = provider.url("/v1");
        proxy.route(Route.from(base).failover(Deployment.at(base)).failFast());
        provider.always(Reply.json(500, "{}"));
        for (int i = 0; i < 8; i++) {
            ask();
        }
    }

    @Reproduces(FaultCause.OWN_LIMITS)
    void theLimitsSetHereAreUsedUp() {
        proxy.limits(Limits.perDeployment().requestsPerMinute(1));
        provider.enqueue(Replies.chat("Because."));
        ask();
        ask();
    }

    @Reproduces(FaultCause.RATE_LIMIT_REQUESTS)
    void theRequestsOfThisMinuteAreUsedUp() {
        provider.enqueue(Replies.rateLimit());
        ask();
    }

    @Reproduces(FaultCause.RATE_LIMIT_TOKENS)
    void theTokensOfThisMinuteAreUsedUp() {
        provider.enqueue(Reply.json(429, """
                {"error":{"message":"Rate limit reached for gpt-4o-mini on tokens per min (TPM): Limit 30000, Used 29500, \
                Requested 1200. Please try again in 1.4s.","type":"tokens","code":"rate_limit_exceeded"}}"""));
        ask();
    }

    @Reproduces(FaultCause.RATE_LIMIT_BURST)
    void theCallsGrowTooFast() {
        provider.enqueue(Reply.json(429, """
                {"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your \
                organization's usage increase rate limit."}}"""));
        ask();
    }

    @Reproduces(FaultCause.CONCURRENCY_LIMIT)
    void tooManyCallsRunAtOnce() {
        provider.enqueue(Reply.json(429, "{\"error\":{\"message\":\"Too many concurrent requests.\"}}"));
        ask();
    }

    @Reproduces(FaultCause.REQUEST_OVER_LIMIT)
    void oneRequestAsksForMoreThanTheWholeLimit() {
        provider.enqueue(Reply.json(429, """
                {"error":{"message":"Request too large for gpt-4o-mini on tokens per min (TPM): Limit 30000, \
                Requested 31538.","type":"tokens","code":"rate_limit_exceeded"}}"""));
        ask();
    }

    @Reproduces(FaultCause.QUOTA_EXHAUSTED)
    void theCreditIsUsedUp() {
        provider.enqueue(Replies.noCredit());
        ask();
    }

    @Reproduces(FaultCause.DAILY_LIMIT)
    void theDayIsUsedUp() {
        provider.enqueue(Reply.json(429, """
                {"error":{"message":"Rate limit reached on requests per day (RPD): Limit 200, Used 200, Requested 1."}}"""));
        ask();
    }

    @Reproduces(FaultCause.PROVIDER_OVERLOADED)
    void theProviderHasNoCapacity() {
        provider.enqueue(Reply.json(529, "{\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"));
        ask();
    }

    @Reproduces(FaultCause.MODEL_LOADING)
    void theModelIsBeingStarted() {
        provider.enqueue(Reply.json(503, "{\"error\":{\"message\":\"Loading model\",\"code\":503}}"));
        ask();
    }
}
