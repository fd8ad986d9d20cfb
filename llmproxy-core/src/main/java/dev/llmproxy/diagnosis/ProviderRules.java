package dev.llmproxy.diagnosis;

import dev.llmproxy.dialect.ErrorPage;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The provider, or the gateway before it, could not serve a request that has nothing wrong with it. */
final class ProviderRules {
    static final List<Sign> SIGNS = List.of(
            Sign.of(FaultCause.MODEL_LOADING)
                    .named("model_loading", "modelnotreadyexception", "model_not_ready")
                    .saying(
                            "currently loading",
                            "model is loading",
                            "loading model",
                            "still loading",
                            "warming up",
                            "cold start",
                            "model is not ready",
                            "model not ready"),
            Sign.of(FaultCause.PROVIDER_OVERLOADED)
                    .named(
                            "overloaded_error",
                            "server_is_overloaded",
                            "engine_overloaded",
                            "engine_overloaded_error",
                            "overloaded",
                            "service_tier_capacity_exceeded",
                            "capacity_exceeded")
                    .saying(
                            "overload",
                            "over capacity",
                            "at capacity",
                            "at maximum capacity",
                            "no capacity",
                            "capacity exceeded",
                            "capacity temporarily exceeded",
                            "insufficient capacity",
                            "high demand",
                            "high traffic",
                            "负载已饱和", // saturated
                            "server busy",
                            "server is busy",
                            "queue is full",
                            "too busy",
                            "model busy",
                            "model is busy",
                            "maximum pending requests",
                            "worker local total request limit",
                            "no available capacity"),
            Sign.of(FaultCause.GATEWAY_TIMEOUT)
                    .named("timeout_error", "deadline_exceeded", "modeltimeoutexception", "gateway_timeout")
                    .saying("upstream request timeout", "timed out", "gateway timeout"),
            Sign.of(FaultCause.BAD_GATEWAY)
                    .named("upstream_error")
                    .saying("incomplete chunked read", "peer closed connection", "upstream request failed"));

    private ProviderRules() {}

    static Fault.@Nullable Builder judge(Refusal of) {
        boolean reading = of.isInBand() || of.status() == 429 || of.status() >= 498 || of.isStatus(408, 424);
        return Sign.judge(SIGNS, of, reading, ProviderRules::fault);
    }

    static Fault.Builder fault(Refusal of, FaultCause cause, double confidence) {
        return switch (cause) {
            case MODEL_LOADING -> loading(of, confidence);
            case PROVIDER_OVERLOADED -> overloaded(of, confidence);
            case GATEWAY_TIMEOUT -> gatewayTimeout(of, confidence);
            case BAD_GATEWAY -> badGateway(of, confidence);
            case UNAVAILABLE -> unavailable(of, confidence);
            case CONFLICT -> conflict(of, confidence);
            case IN_BAND_ERROR -> inBand(of, confidence);
            default -> serverError(of, confidence);
        };
    }

    private static Fault.Builder loading(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.MODEL_LOADING,
                        confidence,
                        of.host() + " is still starting the model" + of.modelText() + of.quote())
                .ruledOut("a wrong name of the model: it is being started")
                .remedy(LimitFaults.again(of))
                .remedy("keep the model loaded where that can be set, or send a small call before the first real one");
    }

    private static Fault.Builder overloaded(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.PROVIDER_OVERLOADED,
                        confidence,
                        of.host() + " has no capacity left for the call" + of.quote())
                .ruledOut("a limit of this account: the provider speaks of its own capacity")
                .remedy(LimitFaults.again(of))
                .remedy("use another model or provider while it lasts");
    }

    private static Fault.Builder gatewayTimeout(Refusal of, double confidence) {
        Fault.Builder fault = of.fault(
                        FaultCause.GATEWAY_TIMEOUT,
                        confidence,
                        who(of) + " gave up waiting after "
                                + Units.time(of.timing().elapsedNanos()) + of.quote())
                .ruledOut("a timer of this side: the answer came from over there");
        if (!of.evidence().call().facts().streaming()) {
            fault.remedy("stream the answer: then bytes flow before such a limit is reached");
        }
        return fault.remedy("send the call again if paying twice is acceptable: the model may have worked on it")
                .remedy("ask for less: a shorter prompt, a lower max_tokens, less reasoning");
    }

    private static Fault.Builder badGateway(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.BAD_GATEWAY,
                        confidence,
                        who(of) + " got no usable answer from what lies behind it" + of.quote())
                .ruledOut("the way from here to the gateway: it answered")
                .remedy(LimitFaults.again(of))
                .remedy("if it lasts, look at the provider's status page and use another deployment");
    }

    private static Fault.Builder unavailable(Refusal of, double confidence) {
        return of.fault(FaultCause.UNAVAILABLE, confidence, who(of) + " is not available for now" + of.quote())
                .ruledOut("the way from here to it: it answered")
                .remedy(LimitFaults.again(of))
                .remedy("if it lasts, look at the provider's status page and use another deployment");
    }

    private static Fault.Builder serverError(Refusal of, double confidence) {
        Fault.Builder fault = of.fault(
                        FaultCause.SERVER_ERROR, confidence, of.host() + " failed by its own account" + of.quote())
                .ruledOut("the way from here to it: it answered");
        if (of.says("memory") || of.says("load model") || of.says("unloaded")) {
            return fault.remedy("use a smaller model or context on that server, or give it more memory");
        }
        return fault.remedy(LimitFaults.again(of))
                .remedy("if it lasts, report it to the provider, with the request id if there is one");
    }

    private static Fault.Builder conflict(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.CONFLICT,
                        confidence,
                        of.host() + " cannot take the call at this moment" + of.quote())
                .remedy(LimitFaults.again(of))
                .remedy("if it repeats, look for two calls that change the same thing at once");
    }

    private static Fault.Builder inBand(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.IN_BAND_ERROR,
                        confidence,
                        of.host() + " reported success and sent an error" + of.quote())
                .ruledOut("an answer: there is an error in its place")
                .remedy(LimitFaults.again(of));
    }

    private static String who(Refusal of) {
        return of.page()
                .flatMap(ErrorPage::edge)
                .map(edge -> EdgeRules.nameOf(edge) + " before " + of.host())
                .orElse(of.host());
    }
}
