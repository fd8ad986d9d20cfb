package dev.llmproxy.diagnosis;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Optional;

/** What it means that a limit was reached. */
final class LimitFaults {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private LimitFaults() {}

    static Fault.Builder of(Refusal of, FaultCause cause, double confidence) {
        return switch (cause) {
            case QUOTA_EXHAUSTED -> quota(of, confidence);
            case DAILY_LIMIT -> daily(of, confidence);
            case REQUEST_OVER_LIMIT -> requestOverLimit(of, confidence);
            case RATE_LIMIT_BURST -> burst(of, confidence);
            case CONCURRENCY_LIMIT -> concurrency(of, confidence);
            case RATE_LIMIT_TOKENS -> tokens(of, confidence);
            default -> requests(of, confidence);
        };
    }

    static Fault.Builder quota(Refusal of, double confidence) {
        Fault.Builder fault = of.fault(
                        FaultCause.QUOTA_EXHAUSTED,
                        confidence,
                        "credit or quota at " + of.host() + " is used up" + of.quote())
                .ruledOut("a rate that waiting seconds would restore");
        if (of.says("fewer max_tokens")) {
            fault.remedy("lower max_tokens: the credit has to cover them before the call");
        }
        return fault.remedy("add credit or raise the spending limit in the provider's console")
                .remedy("use a key of another account meanwhile");
    }

    private static Fault.Builder daily(Refusal of, double confidence) {
        // Google asks to wait for seconds whatever is used up.
        Optional<Duration> delay = of.retryAfter().delay().filter(time -> time.compareTo(A_MINUTE) >= 0);
        return of.fault(
                        FaultCause.DAILY_LIMIT,
                        confidence,
                        "a limit of " + of.host() + " that is restored only much later is used up" + of.quote())
                .ruledOut("a limit per minute: waiting that long does not restore this one")
                .remedy(delay.map(time -> "send no more calls there for " + Refusal.time(time)
                                + "; use another key or provider until then")
                        .orElse("use another key or provider until the limit is restored"))
                .remedy("raise the limit: a paid plan or a higher tier");
    }

    private static Fault.Builder requestOverLimit(Refusal of, double confidence) {
        long limit = limitIn(of);
        long asked = Numbers.after("requested", of.words());
        Fault.Builder fault = of.fault(
                        FaultCause.REQUEST_OVER_LIMIT,
                        confidence,
                        "this one request asks for more than the whole limit at " + of.host() + of.quote())
                .ruledOut("bad timing: waiting does not help, the request never fits");
        if (limit < 0 || asked <= limit) {
            return fault.remedy("cut the prompt, or lower max_tokens").remedy("raise the limit: a higher tier");
        }
        return fault.evidence("asked for", Numbers.grouped(asked))
                .evidence("whole limit", Numbers.grouped(limit))
                .remedy("cut the prompt or max_tokens by at least " + Numbers.grouped(asked - limit) + " tokens")
                .remedy("raise the limit: a higher tier");
    }

    private static Fault.Builder burst(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.RATE_LIMIT_BURST,
                        confidence,
                        "the calls to " + of.host() + " grew too fast in number" + of.quote())
                .ruledOut("used-up credit: the provider speaks of the rate")
                .remedy(again(of))
                .remedy("start slowly: let the number of calls grow over minutes, not at once");
    }

    private static Fault.Builder concurrency(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.CONCURRENCY_LIMIT,
                        confidence,
                        "too many calls to " + of.host() + " were running at once" + of.quote())
                .ruledOut("used-up credit: the provider speaks of calls at once")
                .remedy(again(of))
                .remedy("run fewer calls at once");
    }

    private static Fault.Builder tokens(Refusal of, double confidence) {
        Fault.Builder fault = of.fault(
                        FaultCause.RATE_LIMIT_TOKENS,
                        confidence,
                        "the tokens that " + of.host() + " allows for now are used up" + of.quote())
                .ruledOut("used-up credit: the provider speaks of the rate")
                .remedy(again(of));
        long limit = limitIn(of);
        if (limit > 0 && isPerMinute(of)) {
            fault.remedy("stay below " + limit + " tokens a minute");
        }
        return fault.remedy("ask for fewer: shorter prompts, and no higher max_tokens than needed");
    }

    static Fault.Builder requests(Refusal of, double confidence) {
        Optional<String> behind = of.behind();
        Fault.Builder fault = of.fault(
                FaultCause.RATE_LIMIT_REQUESTS,
                confidence,
                of.host() + " refused the call for its rate"
                        + behind.map(name -> ", because " + name + " behind it did")
                                .orElse("") + of.quote());
        if (confidence >= 0.8) {
            fault.ruledOut("used-up credit: the provider speaks of the rate");
        }
        fault.remedy(again(of));
        long limit = limitIn(of);
        if (behind.isPresent()) {
            return fault.remedy("use a model of another provider behind " + of.host() + " meanwhile");
        }
        return limit > 0 && isPerMinute(of)
                ? fault.remedy("stay below " + limit + " requests a minute")
                : fault.remedy("spread the calls, or use another key or deployment as well");
    }

    private static boolean isPerMinute(Refusal of) {
        return of.says("per min") || of.says("/min");
    }

    /** Returns the limit as the message names it, or -1. */
    static long limitIn(Refusal of) {
        long behind = Numbers.after("limit", of.words());
        return behind >= 0 ? behind : Numbers.after("rate limit of", of.words());
    }

    /** Returns when to send the call again. */
    static String again(Refusal of) {
        if (of.retryAfter().shouldRetry().filter(advice -> !advice).isPresent()) {
            return "do not send the same call again: " + of.host() + " asks not to (x-should-retry)";
        }
        return of.retryAfter()
                .delay()
                .filter(delay -> !delay.isZero())
                .map(delay -> "send the call again after " + Refusal.time(delay))
                .orElse("send the call again, with growing pauses");
    }
}
