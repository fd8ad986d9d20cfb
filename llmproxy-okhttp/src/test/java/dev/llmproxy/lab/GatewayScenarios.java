package dev.llmproxy.lab;

import dev.llmproxy.fault.FaultCause;
import java.util.List;
import java.util.stream.Stream;

/** What stands before a provider answers in its place: gateways, load balancers, firewalls, in the languages they speak. */
final class GatewayScenarios {
    private static final String HTML = "text/html";
    private static final String PLAIN = "text/plain";
    private static final String JSON = "application/json";

    private GatewayScenarios() {}

    static List<Scenario> all() {
        return Stream.of(nginx(), envoy(), cloudflare(), amazon(), azure(), kong(), otherLanguages())
                .flatMap(List::stream)
                .map(Foreign::scenario)
                .toList();
    }

    private static Foreign nginx(FaultCause cause, int status, String line) {
        return new Foreign(
                        "nginx " + status,
                        cause,
                        status,
                        HTML,
                        "<html>\r\n<head><title>" + line
                                + "</title></head>\r\n<body>\r\n<center><h1>" + line
                                + "</h1></center>\r\n<hr><center>nginx/1.27.3</center>\r\n</body>\r\n</html>\r\n")
                .with("Server", "nginx/1.27.3");
    }

    private static List<Foreign> nginx() {
        return List.of(
                nginx(FaultCause.BAD_GATEWAY, 502, "502 Bad Gateway"),
                nginx(FaultCause.GATEWAY_TIMEOUT, 504, "504 Gateway Time-out"),
                nginx(FaultCause.BODY_TOO_LARGE, 413, "413 Request Entity Too Large"),
                nginx(FaultCause.WRONG_ENDPOINT, 404, "404 Not Found"),
                nginx(FaultCause.RATE_LIMIT_REQUESTS, 429, "429 Too Many Requests"),
                nginx(FaultCause.UNAVAILABLE, 503, "503 Service Temporarily Unavailable")
                        .with("Retry-After", "30"),
                nginx(FaultCause.KEY_INVALID, 401, "401 Authorization Required")
                        .with("WWW-Authenticate", "Basic realm=\"Restricted\""));
    }

    private static Foreign envoy(FaultCause cause, int status, String text) {
        return new Foreign("envoy " + status + " " + text, cause, status, PLAIN, text).with("Server", "envoy");
    }

    private static List<Foreign> envoy() {
        return List.of(
                envoy(
                        FaultCause.UNAVAILABLE,
                        503,
                        "upstream connect error or disconnect/reset before headers. reset reason: connection failure"),
                envoy(FaultCause.UNAVAILABLE, 503, "no healthy upstream"),
                envoy(FaultCause.GATEWAY_TIMEOUT, 504, "upstream request timeout"),
                envoy(FaultCause.GATEWAY_TIMEOUT, 408, "stream timeout"),
                envoy(FaultCause.BLOCKED_BY_EDGE, 403, "RBAC: access denied"),
                envoy(FaultCause.BODY_TOO_LARGE, 413, "Payload Too Large"),
                envoy(FaultCause.RATE_LIMIT_REQUESTS, 429, "local_rate_limited").with("x-envoy-ratelimited", "true"));
    }

    private static Foreign cloudflare(FaultCause cause, int status, String type, String body) {
        return new Foreign("Cloudflare " + status + " " + type, cause, status, type, body)
                .with("Server", "cloudflare")
                .with("CF-RAY", "8f2a6b1c7d3e4f50-FRA");
    }

    private static List<Foreign> cloudflare() {
        return List.of(
                cloudflare(FaultCause.BAD_GATEWAY, 521, PLAIN, "error code: 521"),
                cloudflare(FaultCause.BAD_GATEWAY, 525, PLAIN, "error code: 525"),
                cloudflare(FaultCause.GATEWAY_TIMEOUT, 524, PLAIN, "error code: 524"),
                cloudflare(FaultCause.BLOCKED_BY_EDGE, 403, PLAIN, "error code: 1020"),
                cloudflare(FaultCause.RATE_LIMIT_REQUESTS, 429, PLAIN, "error code: 1015"),
                cloudflare(
                        FaultCause.BLOCKED_BY_EDGE,
                        503,
                        HTML,
                        "<!DOCTYPE html><html lang=\"en-US\"><head><title>Just a moment...</title></head><body>"
                                + "<noscript>Enable JavaScript and cookies to continue</noscript></body></html>"),
                cloudflare(
                        FaultCause.BAD_GATEWAY,
                        522,
                        HTML,
                        "<!DOCTYPE html><html><head><title>api.example.com | 522: Connection timed out</title></head>"
                                + "<body><span>Error code 522</span></body></html>"));
    }

    private static Foreign amazon(String name, FaultCause cause, int status, String type, String body) {
        return new Foreign("AWS " + name, cause, status, type, body).with("Server", "awselb/2.0");
    }

    private static String page(String line) {
        return "<html>\r\n<head><title>" + line + "</title></head>\r\n<body>\r\n<center><h1>" + line
                + "</h1></center>\r\n</body>\r\n</html>\r\n";
    }

    private static List<Foreign> amazon() {
        return List.of(
                amazon("ALB 502", FaultCause.BAD_GATEWAY, 502, HTML, page("502 Bad Gateway")),
                amazon("ALB 503", FaultCause.UNAVAILABLE, 503, HTML, page("503 Service Temporarily Unavailable")),
                amazon("ALB 504", FaultCause.GATEWAY_TIMEOUT, 504, HTML, page("504 Gateway Time-out")),
                amazon("WAF 403", FaultCause.BLOCKED_BY_EDGE, 403, HTML, page("403 Forbidden")),
                amazon(
                        "API Gateway 504",
                        FaultCause.GATEWAY_TIMEOUT,
                        504,
                        JSON,
                        "{\"message\": \"Endpoint request timed out\"}"),
                amazon(
                                "API Gateway 429",
                                FaultCause.RATE_LIMIT_REQUESTS,
                                429,
                                JSON,
                                "{\"message\":\"Too Many Requests\"}")
                        .with("x-amzn-ErrorType", "TooManyRequestsException"),
                amazon("API Gateway 413", FaultCause.BODY_TOO_LARGE, 413, JSON, "{\"message\":\"Request Too Long\"}")
                        .with("x-amzn-ErrorType", "RequestTooLargeException"));
    }

    private static Foreign azure(FaultCause cause, int status, String message) {
        return new Foreign(
                "Azure API Management " + status + " " + message.substring(0, 20),
                cause,
                status,
                JSON,
                "{ \"statusCode\": " + status + ", \"message\": \"" + message + "\" }");
    }

    private static List<Foreign> azure() {
        return List.of(
                azure(
                        FaultCause.KEY_MISSING,
                        401,
                        "Access denied due to missing subscription key. Make sure to include subscription key when making"
                                + " requests to an API."),
                azure(
                        FaultCause.KEY_INVALID,
                        401,
                        "Access denied due to invalid subscription key. Make sure to provide a valid key for an active"
                                + " subscription."),
                azure(FaultCause.RATE_LIMIT_REQUESTS, 429, "Rate limit is exceeded. Try again in 32 seconds."),
                azure(FaultCause.DAILY_LIMIT, 403, "Out of call volume quota. Quota will be replenished in 06:28:51."),
                azure(FaultCause.WRONG_ENDPOINT, 404, "Resource not found at this path"));
    }

    private static Foreign kong(FaultCause cause, int status, String message) {
        return new Foreign(
                        "Kong " + status + " " + message,
                        cause,
                        status,
                        JSON,
                        "{\n  \"message\":\"" + message + "\"\n}")
                .with("Server", "kong/3.9.0");
    }

    private static List<Foreign> kong() {
        return List.of(
                kong(FaultCause.KEY_MISSING, 401, "No API key found in request"),
                kong(FaultCause.KEY_INVALID, 401, "Unauthorized").with("WWW-Authenticate", "Key"),
                kong(FaultCause.RATE_LIMIT_REQUESTS, 429, "API rate limit exceeded")
                        .with("X-RateLimit-Limit-Minute", "60")
                        .with("X-RateLimit-Remaining-Minute", "0")
                        .with("RateLimit-Reset", "23"),
                kong(FaultCause.WRONG_ENDPOINT, 404, "no Route matched with those values"),
                kong(FaultCause.BAD_GATEWAY, 502, "An invalid response was received from the upstream server"),
                kong(FaultCause.UNAVAILABLE, 503, "failure to get a peer from the ring-balancer"),
                kong(FaultCause.GATEWAY_TIMEOUT, 504, "The upstream server is timing out"),
                kong(FaultCause.BODY_TOO_LARGE, 413, "Request size limit exceeded"),
                kong(FaultCause.REGION_BLOCKED, 403, "Your IP address is not allowed"));
    }

    private static Foreign page(String language, FaultCause cause, int status, String title, String text) {
        return new Foreign(
                "a page in " + language,
                cause,
                status,
                "text/html; charset=utf-8",
                "<!DOCTYPE html><html><head>" + "<title>" + title + "</title></head><body><h1>" + title + "</h1><p>"
                        + text + "</p></body></html>");
    }

    private static List<Foreign> otherLanguages() {
        return List.of(
                page(
                        "German",
                        FaultCause.BAD_GATEWAY,
                        502,
                        "502 Fehlerhaftes Gateway",
                        "Der Server hat eine ungültige Antwort erhalten."),
                page(
                        "Russian",
                        FaultCause.BLOCKED_BY_EDGE,
                        403,
                        "Доступ запрещён",
                        "Обратитесь к администратору сети."),
                page("French", FaultCause.WRONG_ENDPOINT, 404, "Page introuvable", "La page demandée n'existe pas."),
                page("Japanese", FaultCause.UNAVAILABLE, 503, "サービスを利用できません", "しばらくしてからもう一度お試しください。"),
                page("Chinese", FaultCause.HTML_PAGE, 200, "校园网登录", "请先登录后再访问互联网。"),
                page(
                        "Portuguese",
                        FaultCause.BLOCKED_BY_EDGE,
                        403,
                        "Acesso bloqueado",
                        "Esta categoria não é permitida pela política da empresa."));
    }
}
