package dev.llmproxy.lab;

import dev.llmproxy.fault.FaultCause;
import java.util.List;
import java.util.stream.Stream;

/** Answers whose parts point to different causes: the status says one thing, the body or a header another. */
final class MixedScenarios {
    private static final String JSON = "application/json";

    private MixedScenarios() {}

    static List<Scenario> all() {
        return Stream.of(limits(), credentials(), requests(), providers())
                .flatMap(List::stream)
                .map(Foreign::scenario)
                .toList();
    }

    private static Foreign json(String name, FaultCause cause, int status, String body) {
        return new Foreign(name, cause, status, JSON, body);
    }

    private static String error(String type, String code, String message) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":\"" + code
                + "\"}}";
    }

    private static List<Foreign> limits() {
        return List.of(
                json(
                                "429 of a used-up quota that asks to come back",
                                FaultCause.QUOTA_EXHAUSTED,
                                429,
                                error(
                                        "insufficient_quota",
                                        "insufficient_quota",
                                        "You exceeded your current quota, please check your plan and billing details."))
                        .with("Retry-After", "1")
                        .with("x-ratelimit-remaining-requests", "499"),
                json(
                        "200 with a rate limit in it",
                        FaultCause.RATE_LIMIT_TOKENS,
                        200,
                        error(
                                "tokens",
                                "rate_limit_exceeded",
                                "Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000,"
                                        + " Requested 1200.")),
                json(
                        "400 that is a rate limit",
                        FaultCause.RATE_LIMIT_REQUESTS,
                        400,
                        error("rate_limit_error", "400", "Too many requests: limit of 60 requests per minute reached")),
                json(
                        "403 that is a rate limit",
                        FaultCause.RATE_LIMIT_REQUESTS,
                        403,
                        "{\"message\":\"API rate limit exceeded for installation.\"}"),
                json(
                        "400 of a budget",
                        FaultCause.QUOTA_EXHAUSTED,
                        400,
                        error(
                                "budget_exceeded",
                                "400",
                                "Budget has been exceeded! Current cost: 10.2, Max budget: 10.0")),
                json(
                        "429 of too many at once, in Chinese",
                        FaultCause.CONCURRENCY_LIMIT,
                        429,
                        "{\"error\":{\"code\":\"1302\",\"message\":\"您当前使用该API的并发数过高，请降低并发，或联系客服增加限额。\"}}"),
                json(
                        "429 of an account without money, in Chinese",
                        FaultCause.QUOTA_EXHAUSTED,
                        429,
                        "{\"error\":{\"code\":\"1113\",\"message\":\"您的账户已欠费，请充值后重试。\"}}"),
                json(
                        "429 of a rate, in Chinese",
                        FaultCause.RATE_LIMIT_REQUESTS,
                        429,
                        "{\"error\":{\"message\":\"请求过于频繁，请稍后再试\",\"type\":\"rate_limit_error\"}}"),
                json(
                        "400 of an account in arrears",
                        FaultCause.QUOTA_EXHAUSTED,
                        400,
                        "{\"code\":\"Arrearage\",\"message\":\"Access denied, please make sure your account is in good"
                                + " standing.\",\"request_id\":\"7a1\"}"),
                json(
                        "429 of a rate, named with a dot",
                        FaultCause.RATE_LIMIT_REQUESTS,
                        429,
                        "{\"code\":\"Throttling.RateQuota\",\"message\":\"Requests rate limit exceeded, please try again"
                                + " later.\",\"request_id\":\"7a1\"}"),
                json(
                        "429 of an organisation's requests",
                        FaultCause.RATE_LIMIT_REQUESTS,
                        429,
                        error(
                                "rate_limit_reached_error",
                                "rate_limit_reached_error",
                                "Your account reached organization max RPM: 3, please try again after 1 seconds")),
                json(
                        "429 of an overloaded engine",
                        FaultCause.PROVIDER_OVERLOADED,
                        429,
                        error(
                                "engine_overloaded_error",
                                "429",
                                "The engine is currently overloaded, please try again later")),
                json(
                                "429 whose headers alone name the tokens",
                                FaultCause.RATE_LIMIT_TOKENS,
                                429,
                                "{\"detail\":\"Too Many Requests\"}")
                        .with("x-ratelimit-remaining-tokens", "0")
                        .with("x-ratelimit-remaining-requests", "91")
                        .with("x-ratelimit-reset-tokens", "17s"));
    }

    private static List<Foreign> credentials() {
        return List.of(
                new Foreign(
                                "407 of a proxy, with a page",
                                FaultCause.PROXY_AUTHENTICATION,
                                407,
                                "text/html",
                                "<html><head><title>ERROR: Cache Access Denied</title></head><body>squid</body></html>")
                        .with("Proxy-Authenticate", "Basic realm=\"proxy\""),
                json("401 without a word", FaultCause.KEY_INVALID, 401, ""),
                json(
                        "403 of a model",
                        FaultCause.PERMISSION_DENIED,
                        403,
                        error(
                                "invalid_request_error",
                                "model_not_found",
                                "Project `proj_1` does not have access to model `gpt-4o`")),
                json(
                                "401 of an expired token, told by the challenge",
                                FaultCause.TOKEN_EXPIRED,
                                401,
                                "{\"message\":\"Unauthorized\"}")
                        .with(
                                "WWW-Authenticate",
                                "Bearer error=\"invalid_token\", error_description=\"The token has expired\""),
                json(
                        "400 of a key",
                        FaultCause.KEY_INVALID,
                        400,
                        "{\"code\":\"Client specified an invalid argument\",\"error\":\"Incorrect API key provided: te***ey."
                                + " You can obtain an API key from https://console.x.ai.\"}"));
    }

    private static List<Foreign> requests() {
        return List.of(
                json(
                        "500 of a context that is too long",
                        FaultCause.CONTEXT_LENGTH,
                        500,
                        error(
                                "server_error",
                                "500",
                                "the request exceeds the available context size, try increasing it")),
                json(
                        "404 of a model, from a list of errors",
                        FaultCause.MODEL_UNKNOWN,
                        404,
                        "[{\"error\":{\"code\":404,\"message\":\"models/gemini-9 is not found for API version v1beta, or is"
                                + " not supported for generateContent.\",\"status\":\"NOT_FOUND\"}}]"),
                json(
                        "422 of a framework",
                        FaultCause.INVALID_REQUEST,
                        422,
                        "{\"detail\":[{\"type\":\"less_than_equal\",\"loc\":[\"body\",\"temperature\"],\"msg\":\"Input should"
                                + " be less than or equal to 2\",\"input\":3,\"ctx\":{\"le\":2.0}}]}"),
                json(
                        "403 of forbidden content",
                        FaultCause.CONTENT_POLICY,
                        403,
                        "{\"error\":{\"message\":\"Your chosen model requires moderation and your input was flagged\","
                                + "\"code\":403,\"metadata\":{\"reasons\":[\"violence\"],\"provider_name\":\"OpenAI\"}}}"),
                json(
                        "400 in Spanish",
                        FaultCause.INVALID_REQUEST,
                        400,
                        error("invalid_request_error", "unsupported_value", "Valor no admitido para 'temperature'")));
    }

    private static List<Foreign> providers() {
        return List.of(
                json(
                        "500 of a graphics card that is full",
                        FaultCause.SERVER_ERROR,
                        500,
                        "{\"error\":\"CUDA out of memory. Tried to allocate 2.00 GiB\"}"),
                json(
                                "503 of a model that is being loaded",
                                FaultCause.MODEL_LOADING,
                                503,
                                "{\"error\":\"Model meta-llama/Llama-3 is currently loading\",\"estimated_time\":20.0}")
                        .with("Retry-After", "20"),
                json(
                        "500 that is an overload",
                        FaultCause.PROVIDER_OVERLOADED,
                        500,
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"),
                json("500 without a body", FaultCause.SERVER_ERROR, 500, ""),
                new Foreign(
                        "502 that claims to be JSON and is a page",
                        FaultCause.BAD_GATEWAY,
                        502,
                        JSON,
                        "<html><head><title>502 Bad Gateway</title></head><body></body></html>"),
                new Foreign(
                        "500 of bytes that are no text",
                        FaultCause.SERVER_ERROR,
                        500,
                        "application/octet-stream",
                        "\0\1\2\3"),
                json(
                        "529 whose body speaks of a rate",
                        FaultCause.PROVIDER_OVERLOADED,
                        529,
                        "{\"error\":{\"message\":\"Too many requests are being processed\"}}"));
    }
}
