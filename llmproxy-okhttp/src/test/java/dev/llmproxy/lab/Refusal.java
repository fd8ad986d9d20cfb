package dev.llmproxy.lab;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import okhttp3.Request;

/**
 * An error answer in a form that a provider documents or is known for.
 *
 * @param cause what it means
 * @param api whose format the call has
 * @param status the HTTP status
 * @param body its body; {@code ID} stands for an id and {@code N} for a number, by chance
 * @param headers names and values, one after the other
 */
record Refusal(FaultCause cause, Api api, int status, String body, List<String> headers) {
    private static final List<Refusal> ALL = List.of(
            openAi(
                    FaultCause.KEY_MISSING,
                    401,
                    "You didn't provide an API key. You need to provide your API key in an"
                            + " Authorization header using Bearer auth.",
                    "invalid_request_error",
                    null),
            anthropic(FaultCause.KEY_MISSING, 401, "authentication_error", "x-api-key header is required"),
            gemini(
                    FaultCause.KEY_MISSING,
                    403,
                    "PERMISSION_DENIED",
                    "Method doesn't allow unregistered callers (callers"
                            + " without established identity). Please use API Key or other form of API consumer identity."),
            openAi(
                    FaultCause.KEY_INVALID,
                    401,
                    "Incorrect API key provided: test-key. You can find your API key at"
                            + " https://platform.openai.com/account/api-keys.",
                    "invalid_request_error",
                    "invalid_api_key"),
            anthropic(FaultCause.KEY_INVALID, 401, "authentication_error", "invalid x-api-key"),
            new Refusal(
                    FaultCause.KEY_INVALID,
                    Api.GEMINI,
                    400,
                    "{\"error\":{\"code\":400,\"message\":\"API key not valid."
                            + " Please pass a valid API key.\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":"
                            + "\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\",\"domain\":"
                            + "\"googleapis.com\"}]}}",
                    List.of()),
            anthropic(
                    FaultCause.TOKEN_EXPIRED,
                    401,
                    "authentication_error",
                    "OAuth token has expired. Please obtain a new" + " token or refresh your existing token."),
            openAi(
                    FaultCause.TOKEN_EXPIRED,
                    401,
                    "Access token has expired.",
                    "invalid_request_error",
                    "token_expired"),
            new Refusal(
                    FaultCause.CLOCK_SKEW,
                    Api.OPENAI,
                    401,
                    "{\"error\":{\"message\":\"Token used too early\",\"type\":"
                            + "\"invalid_request_error\",\"code\":\"token_not_yet_valid\"}}",
                    List.of()),
            openAi(
                    FaultCause.PERMISSION_DENIED,
                    403,
                    "You have insufficient permissions for this operation. Missing" + " scopes: model.request.",
                    "invalid_request_error",
                    null),
            anthropic(
                    FaultCause.PERMISSION_DENIED,
                    403,
                    "permission_error",
                    "Your API key does not have permission to use" + " the specified resource."),
            openAi(
                    FaultCause.WRONG_ORGANIZATION,
                    401,
                    "OpenAI-Organization header should match organization for API key",
                    "invalid_request_error",
                    "mismatched_organization"),
            openAi(
                    FaultCause.WRONG_ORGANIZATION,
                    401,
                    "No such organization: org-ID.",
                    "invalid_request_error",
                    "invalid_organization"),
            openAi(
                    FaultCause.REGION_BLOCKED,
                    403,
                    "Country, region, or territory not supported",
                    "request_forbidden",
                    "unsupported_country_region_territory"),
            gemini(
                    FaultCause.REGION_BLOCKED,
                    400,
                    "FAILED_PRECONDITION",
                    "User location is not supported for the API use."),
            openAi(
                    FaultCause.ACCOUNT_DISABLED,
                    401,
                    "The OpenAI account associated with this API key has been" + " deactivated.",
                    "invalid_request_error",
                    "account_deactivated"),
            anthropic(
                    FaultCause.ACCOUNT_DISABLED, 400, "invalid_request_error", "This organization has been disabled."),
            limited(
                    openAi(
                            FaultCause.RATE_LIMIT_REQUESTS,
                            429,
                            "Rate limit reached for gpt-4o in organization org-ID on"
                                    + " requests per min (RPM): Limit N, Used N, Requested 1. Please try again in 120ms.",
                            "requests",
                            "rate_limit_exceeded"),
                    "x-ratelimit-remaining-requests",
                    "0",
                    "x-ratelimit-limit-requests",
                    "60",
                    "x-ratelimit-reset-requests",
                    "120ms"),
            limited(
                    anthropic(
                            FaultCause.RATE_LIMIT_REQUESTS,
                            429,
                            "rate_limit_error",
                            "This request would exceed your" + " organization's rate limit of N requests per minute."),
                    "retry-after",
                    "7",
                    "anthropic-ratelimit-requests-remaining",
                    "0",
                    "anthropic-ratelimit-requests-limit",
                    "50"),
            limited(
                    openAi(
                            FaultCause.RATE_LIMIT_TOKENS,
                            429,
                            "Rate limit reached for gpt-4o in organization org-ID on"
                                    + " tokens per min (TPM): Limit 30000, Used 29800, Requested 900. Please try again in 1.4s.",
                            "tokens",
                            "rate_limit_exceeded"),
                    "x-ratelimit-remaining-tokens",
                    "200",
                    "x-ratelimit-limit-tokens",
                    "30000"),
            limited(
                    anthropic(
                            FaultCause.RATE_LIMIT_TOKENS,
                            429,
                            "rate_limit_error",
                            "This request would exceed your"
                                    + " organization's rate limit of N input tokens per minute."),
                    "retry-after",
                    "12"),
            anthropic(
                    FaultCause.RATE_LIMIT_BURST,
                    429,
                    "rate_limit_error",
                    "This request would exceed your organization's"
                            + " maximum usage increase rate for input tokens per minute."),
            openAi(
                    FaultCause.RATE_LIMIT_BURST,
                    429,
                    "Your request rate increased too quickly. Please slow down.",
                    "rate_limit_error",
                    "slow_down"),
            anthropic(
                    FaultCause.CONCURRENCY_LIMIT,
                    429,
                    "rate_limit_error",
                    "Number of concurrent connections has exceeded"
                            + " your rate limit. Please try again later or contact sales."),
            openAi(
                    FaultCause.REQUEST_OVER_LIMIT,
                    429,
                    "Request too large for gpt-4o in organization org-ID on tokens per"
                            + " min (TPM): Limit 30000, Requested 31538.",
                    "tokens",
                    "rate_limit_exceeded"),
            openAi(
                    FaultCause.QUOTA_EXHAUSTED,
                    429,
                    "You exceeded your current quota, please check your plan and billing" + " details.",
                    "insufficient_quota",
                    "insufficient_quota"),
            anthropic(
                    FaultCause.QUOTA_EXHAUSTED,
                    400,
                    "invalid_request_error",
                    "Your credit balance is too low to access"
                            + " the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."),
            new Refusal(
                    FaultCause.DAILY_LIMIT,
                    Api.GEMINI,
                    429,
                    "{\"error\":{\"code\":429,\"message\":\"You exceeded your"
                            + " current quota.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":"
                            + "\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":[{\"quotaId\":"
                            + "\"GenerateRequestsPerDayPerProjectPerModel-FreeTier\"}]}]}}",
                    List.of()),
            anthropic(FaultCause.PROVIDER_OVERLOADED, 529, "overloaded_error", "Overloaded"),
            openAi(
                    FaultCause.PROVIDER_OVERLOADED,
                    503,
                    "The server is currently overloaded with other requests.",
                    "service_unavailable_error",
                    "server_is_overloaded"),
            gemini(
                    FaultCause.PROVIDER_OVERLOADED,
                    503,
                    "UNAVAILABLE",
                    "The model is overloaded. Please try again later."),
            new Refusal(
                    FaultCause.MODEL_LOADING,
                    Api.OPENAI,
                    503,
                    "{\"error\":\"Model gpt-4o is currently loading\"," + "\"estimated_time\":20.0}",
                    List.of()),
            openAi(
                    FaultCause.CONTEXT_LENGTH,
                    400,
                    "This model's maximum context length is 128000 tokens. However, your"
                            + " messages resulted in 13N tokens.",
                    "invalid_request_error",
                    "context_length_exceeded"),
            anthropic(
                    FaultCause.CONTEXT_LENGTH,
                    400,
                    "invalid_request_error",
                    "prompt is too long: 21N tokens > 200000" + " maximum"),
            gemini(
                    FaultCause.CONTEXT_LENGTH,
                    400,
                    "INVALID_ARGUMENT",
                    "The input token count (12N) exceeds the maximum" + " number of tokens allowed (1048576)."),
            anthropic(FaultCause.BODY_TOO_LARGE, 413, "request_too_large", "Request exceeds the maximum size"),
            new Refusal(
                    FaultCause.BODY_TOO_LARGE,
                    Api.OPENAI,
                    413,
                    "<html><head><title>413 Request Entity Too"
                            + " Large</title></head><body><center><h1>413 Request Entity Too Large</h1></center><hr><center>nginx"
                            + "</center></body></html>",
                    List.of("Content-Type", "text/html", "Server", "nginx")),
            openAi(
                    FaultCause.MODEL_UNKNOWN,
                    404,
                    "The model `gpt-4o` does not exist or you do not have access to it.",
                    "invalid_request_error",
                    "model_not_found"),
            anthropic(FaultCause.MODEL_UNKNOWN, 404, "not_found_error", "model: claude-sonnet-4-5"),
            openAi(
                    FaultCause.MODEL_RETIRED,
                    404,
                    "The model `gpt-4o` has been deprecated, learn more here:"
                            + " https://platform.openai.com/docs/deprecations",
                    "invalid_request_error",
                    "model_not_found"),
            openAi(
                    FaultCause.WRONG_ENDPOINT,
                    404,
                    "Invalid URL (POST /v1/v1/chat/completions)",
                    "invalid_request_error",
                    null),
            openAi(
                    FaultCause.INVALID_REQUEST,
                    400,
                    "Unsupported value: 'temperature' does not support N with this model.",
                    "invalid_request_error",
                    "unsupported_value"),
            anthropic(
                    FaultCause.INVALID_REQUEST,
                    400,
                    "invalid_request_error",
                    "max_tokens: N > 64000, which is the maximum" + " allowed number of output tokens"),
            openAi(
                    FaultCause.CONTENT_POLICY,
                    400,
                    "Your request was rejected as a result of our safety system.",
                    "invalid_request_error",
                    "content_policy_violation"),
            openAi(
                    FaultCause.SERVER_ERROR,
                    500,
                    "The server had an error while processing your request. Sorry about that!",
                    "server_error",
                    null),
            anthropic(FaultCause.SERVER_ERROR, 500, "api_error", "Internal server error"),
            gemini(FaultCause.SERVER_ERROR, 500, "INTERNAL", "An internal error has occurred."),
            new Refusal(
                    FaultCause.BAD_GATEWAY,
                    Api.OPENAI,
                    502,
                    "<html><head><title>502 Bad Gateway</title></head><body>"
                            + "<center><h1>502 Bad Gateway</h1></center><hr><center>cloudflare</center></body></html>",
                    List.of("Content-Type", "text/html", "Server", "cloudflare", "CF-RAY", "8f2IDN-FRA")),
            new Refusal(
                    FaultCause.BAD_GATEWAY,
                    Api.ANTHROPIC,
                    520,
                    "<html><head><title>520: Web server is returning an"
                            + " unknown error</title></head><body>ID</body></html>",
                    List.of("Content-Type", "text/html", "Server", "cloudflare")),
            new Refusal(FaultCause.UNAVAILABLE, Api.OPENAI, 503, "", List.of()),
            new Refusal(
                    FaultCause.UNAVAILABLE,
                    Api.OPENAI,
                    503,
                    "Service Unavailable",
                    List.of("Content-Type", "text/plain")),
            new Refusal(
                    FaultCause.CONFLICT,
                    Api.OPENAI,
                    409,
                    "{\"error\":{\"message\":\"The resource is being updated by"
                            + " another request.\",\"type\":\"conflict_error\"}}",
                    List.of()),
            new Refusal(
                    FaultCause.BLOCKED_BY_EDGE,
                    Api.OPENAI,
                    403,
                    "<!DOCTYPE html><html><head><title>Attention Required! |"
                            + " Cloudflare</title></head><body>Sorry, you have been blocked ID</body></html>",
                    List.of(
                            "Content-Type",
                            "text/html; charset=UTF-8",
                            "Server",
                            "cloudflare",
                            "CF-RAY",
                            "8f2IDN-FRA")));

    private static Refusal openAi(
            FaultCause cause, int status, String message, String type, @org.jspecify.annotations.Nullable String code) {
        return new Refusal(
                cause,
                Api.OPENAI,
                status,
                "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":"
                        + (code == null ? "null" : "\"" + code + "\"") + "}}",
                List.of("x-request-id", "req_ID"));
    }

    private static Refusal anthropic(FaultCause cause, int status, String type, String message) {
        return new Refusal(
                cause,
                Api.ANTHROPIC,
                status,
                "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message
                        + "\"},\"request_id\":\"req_ID\"}",
                List.of("request-id", "req_ID"));
    }

    private static Refusal gemini(FaultCause cause, int status, String name, String message) {
        return new Refusal(
                cause,
                Api.GEMINI,
                status,
                "{\"error\":{\"code\":" + status + ",\"message\":\"" + message + "\",\"status\":\"" + name + "\"}}",
                List.of());
    }

    private static Refusal limited(Refusal refusal, String... more) {
        List<String> headers = new ArrayList<>(refusal.headers);
        headers.addAll(List.of(more));
        return new Refusal(refusal.cause, refusal.api, refusal.status, refusal.body, headers);
    }

    /** Returns the causes that there are refusals of. */
    static List<FaultCause> causes() {
        return ALL.stream().map(Refusal::cause).distinct().toList();
    }

    static Refusal any(FaultCause cause, Random random) {
        return any(ALL.stream().filter(refusal -> refusal.cause == cause).toList(), random);
    }

    static Refusal any(FaultCause cause, Api api, Random random) {
        return any(
                ALL.stream()
                        .filter(refusal -> refusal.cause == cause && refusal.api == api)
                        .toList(),
                random);
    }

    private static Refusal any(List<Refusal> fitting, Random random) {
        Refusal chosen = fitting.get(random.nextInt(fitting.size()));
        String id = Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX);
        int number = 1_000 + random.nextInt(9_000);
        List<String> headers = new ArrayList<>();
        for (String header : chosen.headers) {
            headers.add(filled(header, id, number));
        }
        return new Refusal(chosen.cause, chosen.api, chosen.status, filled(chosen.body, id, number), headers);
    }

    private static String filled(String text, String id, int number) {
        return text.replaceAll("\\bN\\b|(?<=1)N|(?<=12)N|(?<=13)N|(?<=21)N", Integer.toString(number))
                .replaceAll("(?<=[-_ 2])ID", id);
    }

    Reply reply() {
        Reply reply = Reply.json(status, body);
        for (int i = 0; i < headers.size(); i += 2) {
            reply = reply.header(headers.get(i), headers.get(i + 1));
        }
        return reply;
    }

    Request request(Trial trial) {
        return api.request(trial.provider().url(), trial.streaming(), "Why?");
    }

    /** Lets a call meet a refusal of a cause. */
    static void meet(Trial trial, FaultCause cause) {
        Refusal refusal = any(cause, trial.random());
        trial.provider().always(refusal.reply());
        trial.call(refusal.request(trial));
    }
}
