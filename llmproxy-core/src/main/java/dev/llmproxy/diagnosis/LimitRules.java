package dev.llmproxy.diagnosis;

import dev.llmproxy.dialect.ProviderError;
import dev.llmproxy.dialect.RateLimit;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** By what a limit is told that was reached: credit, rates of all kinds. {@link LimitFaults} says what it means. */
final class LimitRules {
    static final Sign QUOTA = Sign.of(FaultCause.QUOTA_EXHAUSTED)
            .named(
                    "insufficient_quota",
                    "insufficient_user_quota",
                    "pre_consume_token_quota_failed",
                    "credit_balance_exhausted",
                    "enforced_spend_limit_reached",
                    "billing_error",
                    "billing_hard_limit_reached",
                    "insufficient_balance",
                    "not_enough_balance",
                    "insufficient_credits",
                    "exceeded_current_quota_error",
                    "budget_exceeded",
                    "payment_required",
                    "arrearage",
                    "accountoverdueerror",
                    "setlimitexceeded",
                    "allocationquota.freetieronly",
                    "token_quota_reached",
                    "billing_disabled",
                    "credit_limit",
                    "servicequotaexceededexception")
            .saying(
                    "credit balance is too low",
                    "insufficient balance",
                    "not enough balance",
                    "insufficient credit",
                    "insufficient funds",
                    "insufficient quota",
                    "quota is not enough",
                    "credit limit is insufficient",
                    "requires more credits",
                    "out of credits",
                    "you have used all your",
                    "run out of credits",
                    "any credits",
                    "used all available credits",
                    "monthly included credits",
                    "credits are depleted",
                    "spending limit",
                    "spend limit",
                    "spending cap",
                    "specified api usage limits",
                    "billing hard limit",
                    "budget has been exceeded",
                    "key limit exceeded",
                    "extra usage is required",
                    "out of extra usage",
                    "credit limit exceeded",
                    "overdue balance",
                    "payment required",
                    "payment method",
                    "payment instrument",
                    "premium request",
                    "balance is insufficient",
                    "requires billing to be enabled",
                    "free tier of the model has been exhausted",
                    "account is in good standing",
                    "欠费", // in arrears
                    "额度不足", // not enough quota
                    "额度已用尽", // quota used up
                    "余额不足"); // not enough balance

    static final Sign RENEWED = Sign.of(FaultCause.DAILY_LIMIT).saying("quota will be replenished", "billing cycle");

    static final List<Sign> RATES = List.of(
            Sign.of(FaultCause.RATE_LIMIT_BURST)
                    .named("slow_down", "limit_burst_rate")
                    .saying("usage increase rate", "acceleration limit", "increased too quickly", "burst"),
            Sign.of(FaultCause.CONCURRENCY_LIMIT)
                    .named("concurrency_limit_exceeded", "too_many_concurrent_requests")
                    .saying(
                            "concurren",
                            "requests in flight",
                            "gauge quota limit",
                            "parallel requests",
                            "parallel_requests",
                            "too many connections",
                            "并发"),
            Sign.of(FaultCause.REQUEST_OVER_LIMIT).saying("request too large for"),
            Sign.of(FaultCause.DAILY_LIMIT)
                    .saying(
                            " per day",
                            "per-day",
                            "(rpd)",
                            "(tpd)",
                            "daily",
                            "/day",
                            "byday",
                            "per 86400s",
                            "weekly",
                            "monthly",
                            "usage limit reached",
                            "usage limit has been reached",
                            "limit will reset at",
                            "per month",
                            "/month",
                            "/ month",
                            "tomorrow"),
            // Together names both of its limits, whichever was reached.
            Sign.of(FaultCause.RATE_LIMIT_REQUESTS).saying("queries and"),
            Sign.of(FaultCause.RATE_LIMIT_TOKENS)
                    .named("tokens", "input_tokens", "output_tokens", "throttling.allocationquota")
                    .saying(
                            "tokens per min",
                            "(tpm)",
                            "tpm limit",
                            "limit type: tokens",
                            "tpm rate limit",
                            "max tpm",
                            "tokens/min",
                            "token rate limit",
                            "input tokens",
                            "output tokens",
                            "too many tokens"),
            Sign.of(FaultCause.RATE_LIMIT_REQUESTS)
                    .named("requests", "throttling.ratequota")
                    .saying(
                            "requests per min",
                            "(rpm)",
                            "rpm limit",
                            "limit type: requests",
                            "max rpm",
                            "byminute",
                            "per 60s",
                            "requests/min",
                            "requests per second",
                            "requests per hour",
                            "queries per min",
                            "request rate limit",
                            "call rate limit"));

    private static final List<String> RATE_NAMES = List.of(
            "rate_limit_exceeded",
            "rate_limit_error",
            "rate_limit_reached_error",
            "ratelimitreached",
            "ratelimitexceeded",
            "throttlingexception",
            "throttling",
            "too_many_requests",
            "slow_down");

    private static final List<String> RATE_PHRASES = List.of(
            "rate limit reached",
            "rate limit exceeded",
            "rate limited",
            "rate-limited",
            "rate limiting",
            "too many requests",
            "tpm limit",
            "tpm) limit",
            "minute limit exceeded",
            "day limit exceeded",
            "wait before trying again",
            "rate increased",
            "high concurrency",
            "usage limit",
            "allocated quota exceeded");

    private static final Duration MUCH_LATER = Duration.ofHours(1);

    private LimitRules() {}

    static Fault.@Nullable Builder judge(Refusal of) {
        String quotaId = of.error().flatMap(ProviderError::quotaId).orElse("");
        if (!quotaId.isEmpty() && of.isStatus(429)) {
            return LimitFaults.of(of, causeOf(quotaId.toLowerCase(Locale.ROOT)), 0.95);
        }
        boolean reading = of.isStatus(0, 400, 401, 402, 403, 412, 429);
        Fault.Builder quota = Sign.judge(List.of(RENEWED, QUOTA), of, reading, LimitFaults::of);
        if (quota != null) {
            return quota;
        }
        if (isUsedUpQuota(of)) {
            return LimitFaults.of(of, FaultCause.QUOTA_EXHAUSTED, 0.85);
        }
        if (of.isStatus(429) || of.isNamed(RATE_NAMES)) {
            return rate(of);
        }
        return saysSo(of) ? rateOrUnnamed(of) : null;
    }

    // Some gateways limit rates with a status of something else, or with none.
    private static boolean saysSo(Refusal of) {
        return of.isStatus(0, 400, 403, 500, 503) && of.says(RATE_PHRASES);
    }

    private static Fault.Builder rateOrUnnamed(Refusal of) {
        Fault.Builder named = rate(of);
        return named == null ? unnamed(of) : named;
    }

    // Google names what is used up in one word.
    private static FaultCause causeOf(String quotaId) {
        if (quotaId.contains("perday") || quotaId.contains("permonth")) {
            return FaultCause.DAILY_LIMIT;
        }
        return quotaId.contains("token") ? FaultCause.RATE_LIMIT_TOKENS : FaultCause.RATE_LIMIT_REQUESTS;
    }

    // Google says the same of every rate.
    private static boolean isUsedUpQuota(Refusal of) {
        return of.isStatus(429) && of.says("exceeded your current quota") && !of.isNamed("resource_exhausted");
    }

    private static Fault.@Nullable Builder rate(Refusal of) {
        long limit = LimitFaults.limitIn(of);
        if (limit >= 0 && Numbers.after("requested", of.words()) > limit) {
            return LimitFaults.of(of, FaultCause.REQUEST_OVER_LIMIT, 0.95);
        }
        Fault.Builder named = Sign.judge(RATES, of, true, LimitFaults::of);
        if (named != null) {
            return named;
        }
        boolean muchLater = of.retryAfter()
                .delay()
                .filter(delay -> delay.compareTo(MUCH_LATER) > 0)
                .isPresent();
        return muchLater ? LimitFaults.of(of, FaultCause.DAILY_LIMIT, 0.8) : null;
    }

    /** Judges what is named a limit, whatever its status is: some gateways have their own for all that fails behind. */
    static Fault.@Nullable Builder byName(Refusal of) {
        return of.isNamed(RATE_NAMES) ? unnamed(of) : null;
    }

    /** Judges a 429 whose body says no more than that: the headers may tell what is used up. */
    static Fault.Builder unnamed(Refusal of) {
        for (RateLimit limit : of.limits()) {
            if (limit.isUsedUp() && limit.unit() != RateLimit.Unit.OTHER) {
                return LimitFaults.of(of, causeOf(limit), 0.85);
            }
        }
        return LimitFaults.of(of, FaultCause.RATE_LIMIT_REQUESTS, 0.6);
    }

    private static FaultCause causeOf(RateLimit limit) {
        if (limit.name().endsWith("-day") || limit.name().endsWith("-month")) {
            return FaultCause.DAILY_LIMIT;
        }
        return limit.unit() == RateLimit.Unit.TOKENS ? FaultCause.RATE_LIMIT_TOKENS : FaultCause.RATE_LIMIT_REQUESTS;
    }
}
