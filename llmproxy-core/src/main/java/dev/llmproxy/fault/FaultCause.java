package dev.llmproxy.fault;

import static dev.llmproxy.fault.FaultCause.Kind.CONDITION;
import static dev.llmproxy.fault.FaultCause.Kind.EITHER;
import static dev.llmproxy.fault.FaultCause.Kind.FAILURE;
import static dev.llmproxy.fault.FaultCause.Kind.FINDING;
import static dev.llmproxy.fault.FaultFamily.AUTHENTICATION;
import static dev.llmproxy.fault.FaultFamily.CONNECTIVITY;
import static dev.llmproxy.fault.FaultFamily.DATA_CORRUPTION;
import static dev.llmproxy.fault.FaultFamily.OTHER;
import static dev.llmproxy.fault.FaultFamily.PROVIDER;
import static dev.llmproxy.fault.FaultFamily.REQUEST;
import static dev.llmproxy.fault.FaultFamily.RESOURCE_EXHAUSTION;
import static dev.llmproxy.fault.FaultFamily.TIMEOUT;

/**
 * Every cause that a fault can have, and what follows from it. This is the one table of causes: whether a call is
 * sent again, a deployment set aside or a stale answer served is read here and decided nowhere else.
 *
 * <p>New causes may come in a minor release: a {@code switch} over them needs a {@code default}.
 */
public enum FaultCause {
    // spotless:off (a table: one cause, one row)
    // TIMEOUT: code, kind, blame, retry, billed, ejects, stale, shared, title
    /** Name lookup gave no answer in time. */
    DNS_SLOW(TIMEOUT, "timeout.dns", FAILURE, Blame.NETWORK, Retry.NOW, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "name lookup gave no answer in time"),
    /** No answer to the TCP connect: dropped, filtered or wrong address. */
    CONNECT_TIMEOUT(TIMEOUT, "timeout.connect", FAILURE, Blame.NETWORK, Retry.BACKOFF, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "no answer to the TCP connect: dropped, filtered or wrong address"),
    /** Connecting needed SYN retransmissions: packet loss. */
    CONNECT_RETRANSMITS(TIMEOUT, "timeout.connect-retransmits", CONDITION, Blame.NETWORK, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, false,
            "connecting needed SYN retransmissions: packet loss"),
    /** TCP answered, the TLS handshake did not. */
    TLS_HANDSHAKE_STALLED(TIMEOUT, "timeout.tls-handshake", FAILURE, Blame.NETWORK, Retry.BACKOFF, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "TCP answered, the TLS handshake did not"),
    /** The server stopped reading the request body. */
    UPLOAD_STALLED(TIMEOUT, "timeout.upload", FAILURE, Blame.NETWORK, Retry.ONCE, Billed.POSSIBLE, Ejects.ENDPOINT, true, false,
            "the server stopped reading the request body"),
    /** The budget is below what this model usually needs. */
    FIRST_BYTE_BUDGET_TOO_SHORT(TIMEOUT, "timeout.first-byte-too-short", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.YES, Ejects.NOTHING, true, false,
            "the budget is below what this model usually needs"),
    /** The provider answers slower than its own baseline. */
    PROVIDER_SLOW(TIMEOUT, "timeout.provider-slow", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.MODEL, true, false,
            "the provider answers slower than its own baseline"),
    /** This call hung while its peers were normal. */
    PROVIDER_HUNG(TIMEOUT, "timeout.provider-hung", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.MODEL, true, false,
            "this call hung while its peers were normal"),
    /** Tokens flowed normally, the total budget was too small for the answer. */
    LONG_ANSWER(TIMEOUT, "timeout.long-answer", FAILURE, Blame.CALLER, Retry.NO, Billed.YES, Ejects.NOTHING, true, false,
            "tokens flowed normally, the total budget was too small for the answer"),
    /** The stream stopped after some tokens. */
    STREAM_STALLED(TIMEOUT, "timeout.stream-stalled", FAILURE, Blame.PROVIDER, Retry.NO, Billed.YES, Ejects.MODEL, true, false,
            "the stream stopped after some tokens"),
    /** Only comments or pings arrived, no payload. */
    KEEPALIVE_ONLY(TIMEOUT, "timeout.keepalive-only", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.POSSIBLE, Ejects.MODEL, true, false,
            "only comments or pings arrived, no payload"),
    /** Headers came, the body of a plain answer stopped. */
    BODY_STALLED(TIMEOUT, "timeout.body-stalled", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.MODEL, true, false,
            "headers came, the body of a plain answer stopped"),
    /** Something between cuts calls at a constant age. */
    INTERMEDIARY_TIMEOUT(TIMEOUT, "timeout.intermediary", FAILURE, Blame.NETWORK, Retry.ONCE, Billed.YES, Ejects.ENDPOINT, true, false,
            "something between cuts calls at a constant age"),
    /** 408, 504 or 524 from a gateway. */
    GATEWAY_TIMEOUT(TIMEOUT, "timeout.gateway", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.POSSIBLE, Ejects.MODEL, true, false,
            "408, 504 or 524 from a gateway"),
    /** The deadline of the whole call passed. */
    CALL_DEADLINE(TIMEOUT, "timeout.deadline", FAILURE, Blame.CALLER, Retry.NO, Billed.POSSIBLE, Ejects.NOTHING, true, false,
            "the deadline of the whole call passed"),
    /** The application's own call timeout fired. */
    CLIENT_CALL_TIMEOUT(TIMEOUT, "timeout.client-call", FAILURE, Blame.CALLER, Retry.NO, Billed.POSSIBLE, Ejects.NOTHING, true, false,
            "the application's own call timeout fired"),

    // DATA_CORRUPTION: code, kind, blame, retry, billed, ejects, stale, shared, title
    /** Fewer bytes than the declared length. */
    TRUNCATED_BODY(DATA_CORRUPTION, "corruption.truncated-length", FAILURE, Blame.NETWORK, Retry.ONCE, Billed.YES, Ejects.ENDPOINT, true, false,
            "fewer bytes than the declared length"),
    /** Chunked body without its last chunk. */
    TRUNCATED_CHUNKS(DATA_CORRUPTION, "corruption.truncated-chunked", FAILURE, Blame.NETWORK, Retry.ONCE, Billed.YES, Ejects.ENDPOINT, true, false,
            "chunked body without its last chunk"),
    /** The transport reported success, the answer is cut. */
    TRUNCATED_SILENTLY(DATA_CORRUPTION, "corruption.truncated-silently", FAILURE, Blame.NETWORK, Retry.ONCE, Billed.YES, Ejects.ENDPOINT, true, false,
            "the transport reported success, the answer is cut"),
    /** The stream ended without its terminator. */
    STREAM_UNTERMINATED(DATA_CORRUPTION, "corruption.stream-unterminated", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.MODEL, true, false,
            "the stream ended without its terminator"),
    /** The compressed body does not decode or its checksum is wrong. */
    BAD_COMPRESSION(DATA_CORRUPTION, "corruption.compression", FAILURE, Blame.NETWORK, Retry.ONCE, Billed.YES, Ejects.ENDPOINT, true, false,
            "the compressed body does not decode or its checksum is wrong"),
    /** What arrived is not HTTP or its chunks are malformed. */
    BAD_HTTP_FRAMING(DATA_CORRUPTION, "corruption.http-framing", FAILURE, Blame.NETWORK, Retry.ONCE, Billed.POSSIBLE, Ejects.ENDPOINT, true, false,
            "what arrived is not HTTP or its chunks are malformed"),
    /** A web page where an answer was expected. */
    HTML_PAGE(DATA_CORRUPTION, "corruption.html-page", FAILURE, Blame.NETWORK, Retry.ONCE, Billed.POSSIBLE, Ejects.ENDPOINT, true, false,
            "a web page where an answer was expected"),
    /** The body is not what its type or the request says. */
    WRONG_CONTENT_TYPE(DATA_CORRUPTION, "corruption.content-type", EITHER, Blame.PROVIDER, Retry.ONCE, Billed.POSSIBLE, Ejects.MODEL, true, false,
            "the body is not what its type or the request says"),
    /** A body or event that is not one JSON value. */
    BAD_JSON(DATA_CORRUPTION, "corruption.json", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.MODEL, true, false,
            "a body or event that is not one JSON value"),
    /** Bytes after the end of the answer. */
    TRAILING_DATA(DATA_CORRUPTION, "corruption.trailing-data", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.MODEL, true, false,
            "bytes after the end of the answer"),
    /** Malformed UTF-8, replacement characters or text decoded twice. */
    BAD_TEXT_ENCODING(DATA_CORRUPTION, "corruption.text-encoding", EITHER, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.NOTHING, true, false,
            "malformed UTF-8, replacement characters or text decoded twice"),
    /** Fields that this dialect requires are missing, or another dialect answered. */
    WRONG_SHAPE(DATA_CORRUPTION, "corruption.shape", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.MODEL, true, false,
            "fields that this dialect requires are missing, or another dialect answered"),
    /** A success with no body. */
    EMPTY_BODY(DATA_CORRUPTION, "corruption.empty-body", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.POSSIBLE, Ejects.MODEL, true, false,
            "a success with no body"),
    /** A complete answer with no text, tool call or refusal. */
    EMPTY_ANSWER(DATA_CORRUPTION, "corruption.empty-answer", FINDING, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.NOTHING, false, false,
            "a complete answer with no text, tool call or refusal"),
    /** Tool arguments that are not one JSON object. */
    BAD_TOOL_ARGUMENTS(DATA_CORRUPTION, "corruption.tool-arguments", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.MODEL, true, false,
            "tool arguments that are not one JSON object"),
    /** The answer breaks the schema that the request demanded. */
    SCHEMA_VIOLATION(DATA_CORRUPTION, "corruption.schema", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.NOTHING, true, false,
            "the answer breaks the schema that the request demanded"),
    /** A second answer starts inside the first. */
    STREAM_SPLICED(DATA_CORRUPTION, "corruption.stream-spliced", FAILURE, Blame.PROVIDER, Retry.NO, Billed.YES, Ejects.MODEL, true, false,
            "a second answer starts inside the first"),
    /** Lost, repeated or reordered events. */
    STREAM_DISORDERED(DATA_CORRUPTION, "corruption.stream-order", FAILURE, Blame.PROVIDER, Retry.NO, Billed.YES, Ejects.MODEL, true, false,
            "lost, repeated or reordered events"),
    /** A binary event whose checksum is wrong. */
    FRAME_CHECKSUM(DATA_CORRUPTION, "corruption.frame-checksum", FAILURE, Blame.NETWORK, Retry.ONCE, Billed.YES, Ejects.ENDPOINT, true, false,
            "a binary event whose checksum is wrong"),
    /** An answer that belongs to another request. */
    WRONG_ANSWER(DATA_CORRUPTION, "corruption.wrong-answer", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.MODEL, true, false,
            "an answer that belongs to another request"),
    /** The text repeats itself without end. */
    REPETITION_LOOP(DATA_CORRUPTION, "corruption.repetition", FINDING, Blame.PROVIDER, Retry.NO, Billed.YES, Ejects.NOTHING, false, false,
            "the text repeats itself without end"),
    /** Body, line or decompressed size over its cap. */
    OVERSIZED(DATA_CORRUPTION, "corruption.oversized", FAILURE, Blame.PROVIDER, Retry.NO, Billed.YES, Ejects.MODEL, true, false,
            "body, line or decompressed size over its cap"),
    /** One of the application's own checks rejected the answer. */
    REJECTED_BY_CHECK(DATA_CORRUPTION, "corruption.rejected-by-check", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.NOTHING, true, false,
            "one of the application's own checks rejected the answer"),
    /** A stored answer failed its seal and was dropped. */
    CACHE_ENTRY_DAMAGED(DATA_CORRUPTION, "corruption.cache-entry", CONDITION, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, false,
            "a stored answer failed its seal and was dropped"),
    /** What was sent is not what the application asked for. */
    REQUEST_ALTERED(DATA_CORRUPTION, "corruption.request-altered", FAILURE, Blame.CALLER, Retry.NO, Billed.POSSIBLE, Ejects.NOTHING, false, false,
            "what was sent is not what the application asked for"),

    // AUTHENTICATION: code, kind, blame, retry, billed, ejects, stale, shared, title
    /** No credential was sent. */
    KEY_MISSING(AUTHENTICATION, "auth.key-missing", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.NEVER, Ejects.NOTHING, false, false,
            "no credential was sent"),
    /** White space, quotes, a placeholder or a doubled scheme in the key. */
    KEY_MALFORMED(AUTHENTICATION, "auth.key-malformed", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.NEVER, Ejects.KEY, false, false,
            "white space, quotes, a placeholder or a doubled scheme in the key"),
    /** A key of one provider on its way to another. */
    KEY_OF_OTHER_PROVIDER(AUTHENTICATION, "auth.key-of-other-provider", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.NEVER, Ejects.KEY, false, false,
            "a key of one provider on its way to another"),
    /** The provider does not know this key. */
    KEY_INVALID(AUTHENTICATION, "auth.key-invalid", FAILURE, Blame.CALLER, Retry.OTHER_KEY, Billed.NEVER, Ejects.KEY, false, false,
            "the provider does not know this key"),
    /** This key worked before. */
    KEY_REVOKED(AUTHENTICATION, "auth.key-revoked", FAILURE, Blame.CALLER, Retry.OTHER_KEY, Billed.NEVER, Ejects.KEY, false, false,
            "this key worked before"),
    /** A short-lived token is past its expiry. */
    TOKEN_EXPIRED(AUTHENTICATION, "auth.token-expired", FAILURE, Blame.CALLER, Retry.REFRESH, Billed.NEVER, Ejects.KEY, false, false,
            "a short-lived token is past its expiry"),
    /** This machine's clock is wrong. */
    CLOCK_SKEW(AUTHENTICATION, "auth.clock-skew", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, false,
            "this machine's clock is wrong"),
    /** The key is good (or another key is served), but not this model or project. */
    PERMISSION_DENIED(AUTHENTICATION, "auth.permission-denied", FAILURE, Blame.CALLER, Retry.OTHER_KEY, Billed.NEVER, Ejects.KEY, false, false,
            "the key is good (or another key is served), but not this model or project"),
    /** The organisation or project header does not fit the key. */
    WRONG_ORGANIZATION(AUTHENTICATION, "auth.wrong-organization", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.NEVER, Ejects.NOTHING, false, false,
            "the organisation or project header does not fit the key"),
    /** Not served in this region or from this address. */
    REGION_BLOCKED(AUTHENTICATION, "auth.region-blocked", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.NEVER, Ejects.ENDPOINT, false, false,
            "not served in this region or from this address"),
    /** The account or organisation is switched off. */
    ACCOUNT_DISABLED(AUTHENTICATION, "auth.account-disabled", FAILURE, Blame.CALLER, Retry.OTHER_KEY, Billed.NEVER, Ejects.KEY, false, false,
            "the account or organisation is switched off"),
    /** The HTTP proxy in between wants credentials. */
    PROXY_AUTHENTICATION(AUTHENTICATION, "auth.proxy", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, false,
            "the HTTP proxy in between wants credentials"),
    /** A redirect was not followed, so that the key does not leak. */
    REDIRECT_REFUSED(AUTHENTICATION, "auth.redirect", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, false,
            "a redirect was not followed, so that the key does not leak"),
    /** The key belongs to another origin and was not sent. */
    KEY_HOST_MISMATCH(AUTHENTICATION, "auth.key-host-mismatch", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, false,
            "the key belongs to another origin and was not sent"),
    /** A key was not sent over plain HTTP. */
    PLAINTEXT_REFUSED(AUTHENTICATION, "auth.plaintext", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, false,
            "a key was not sent over plain HTTP"),
    /** The source of the key or token failed. */
    CREDENTIAL_SOURCE(AUTHENTICATION, "auth.credential-source", FAILURE, Blame.CALLER, Retry.BACKOFF, Billed.NEVER, Ejects.NOTHING, false, false,
            "the source of the key or token failed"),

    // CONNECTIVITY: code, kind, blame, retry, billed, ejects, stale, shared, title
    /** The host name does not exist. */
    HOST_UNKNOWN(CONNECTIVITY, "connection.host-unknown", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "the host name does not exist"),
    /** The resolver failed for a host that resolved before. */
    DNS_UNAVAILABLE(CONNECTIVITY, "connection.dns-unavailable", FAILURE, Blame.NETWORK, Retry.BACKOFF, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "the resolver failed for a host that resolved before"),
    /** Nothing listens there. */
    REFUSED(CONNECTIVITY, "connection.refused", FAILURE, Blame.NETWORK, Retry.BACKOFF, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "nothing listens there"),
    /** No route to the host. */
    UNREACHABLE(CONNECTIVITY, "connection.unreachable", FAILURE, Blame.NETWORK, Retry.BACKOFF, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "no route to the host"),
    /** A pooled connection was already dead. */
    STALE_POOLED(CONNECTIVITY, "connection.stale-pooled", FAILURE, Blame.NETWORK, Retry.ONCE, Billed.POSSIBLE, Ejects.NOTHING, true, false,
            "a pooled connection was already dead"),
    /** Closed after the request, before any answer. */
    CLOSED_BEFORE_ANSWER(CONNECTIVITY, "connection.closed", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.POSSIBLE, Ejects.ENDPOINT, true, false,
            "closed after the request, before any answer"),
    /** Reset after the request, before any answer. */
    RESET_BEFORE_ANSWER(CONNECTIVITY, "connection.reset", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.POSSIBLE, Ejects.ENDPOINT, true, false,
            "reset after the request, before any answer"),
    /** Reset while the answer was arriving. */
    RESET_MID_ANSWER(CONNECTIVITY, "connection.reset-mid-answer", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.YES, Ejects.ENDPOINT, true, false,
            "reset while the answer was arriving"),
    /** The server refused the stream before processing it. */
    HTTP2_REFUSED(CONNECTIVITY, "connection.http2-refused", FAILURE, Blame.PROVIDER, Retry.NOW, Billed.NEVER, Ejects.NOTHING, true, false,
            "the server refused the stream before processing it"),
    /** The server is closing this connection (GOAWAY) or asks for calm. */
    CONNECTION_DRAINED(CONNECTIVITY, "connection.drained", FAILURE, Blame.NETWORK, Retry.NOW, Billed.NEVER, Ejects.NOTHING, true, false,
            "the server is closing this connection (GOAWAY) or asks for calm"),
    /** The HTTP proxy in between refused the tunnel. */
    PROXY_REFUSED(CONNECTIVITY, "connection.proxy-refused", FAILURE, Blame.NETWORK, Retry.FAILOVER, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "the HTTP proxy in between refused the tunnel"),
    /** A firewall or edge service refused the call with a page of its own. */
    BLOCKED_BY_EDGE(CONNECTIVITY, "connection.blocked", FAILURE, Blame.NETWORK, Retry.FAILOVER, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "a firewall or edge service refused the call with a page of its own"),
    /** Unrelated endpoints failed together. */
    LOCAL_NETWORK(CONNECTIVITY, "connection.local-network", FAILURE, Blame.NETWORK, Retry.BACKOFF, Billed.NEVER, Ejects.NOTHING, true, false,
            "unrelated endpoints failed together"),
    /** The server's certificate is past its date. */
    CERTIFICATE_EXPIRED(CONNECTIVITY, "tls.certificate-expired", FAILURE, Blame.PROVIDER, Retry.FAILOVER, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "the server's certificate is past its date"),
    /** The certificate is from the future: check the clock. */
    CERTIFICATE_NOT_YET_VALID(CONNECTIVITY, "tls.certificate-not-yet-valid", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, true, false,
            "the certificate is from the future: check the clock"),
    /** The certificate names another host. */
    CERTIFICATE_HOST_MISMATCH(CONNECTIVITY, "tls.host-mismatch", FAILURE, Blame.NETWORK, Retry.FAILOVER, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "the certificate names another host"),
    /** Unknown issuer: private authority or TLS inspection. */
    CERTIFICATE_UNTRUSTED(CONNECTIVITY, "tls.untrusted-issuer", FAILURE, Blame.NETWORK, Retry.FAILOVER, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "unknown issuer: private authority or TLS inspection"),
    /** No common protocol or cipher. */
    TLS_PROTOCOL(CONNECTIVITY, "tls.protocol", FAILURE, Blame.NETWORK, Retry.FAILOVER, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "no common protocol or cipher"),
    /** The server demands a client certificate. */
    CLIENT_CERTIFICATE(CONNECTIVITY, "tls.client-certificate", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.NEVER, Ejects.ENDPOINT, true, false,
            "the server demands a client certificate"),

    // RESOURCE_EXHAUSTION: code, kind, blame, retry, billed, ejects, stale, shared, title
    /** The call waited in the HTTP client's own queue. */
    DISPATCHER_QUEUE(RESOURCE_EXHAUSTION, "local.dispatcher-queue", CONDITION, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, false,
            "the call waited in the HTTP client's own queue"),
    /** Every call pays for a new connection. */
    CONNECTION_CHURN(RESOURCE_EXHAUSTION, "local.connection-churn", CONDITION, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, false,
            "every call pays for a new connection"),
    /** Responses were never closed. */
    RESPONSE_LEAK(RESOURCE_EXHAUSTION, "local.response-leak", CONDITION, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, false,
            "responses were never closed"),
    /** Garbage collection overlapped the wait. */
    HEAP_PRESSURE(RESOURCE_EXHAUSTION, "local.heap", FAILURE, Blame.CALLER, Retry.ONCE, Billed.POSSIBLE, Ejects.NOTHING, true, false,
            "garbage collection overlapped the wait"),
    /** This process got too little CPU. */
    CPU_STARVED(RESOURCE_EXHAUSTION, "local.cpu", FAILURE, Blame.CALLER, Retry.ONCE, Billed.POSSIBLE, Ejects.NOTHING, true, false,
            "this process got too little CPU"),
    /** This process did not run for a while. */
    PROCESS_FROZEN(RESOURCE_EXHAUSTION, "local.frozen", FAILURE, Blame.CALLER, Retry.ONCE, Billed.POSSIBLE, Ejects.NOTHING, true, false,
            "this process did not run for a while"),
    /** No file descriptor left. */
    FILE_DESCRIPTORS(RESOURCE_EXHAUSTION, "local.file-descriptors", FAILURE, Blame.CALLER, Retry.BACKOFF, Billed.NEVER, Ejects.NOTHING, true, false,
            "no file descriptor left"),
    /** No local port left. */
    PORTS(RESOURCE_EXHAUSTION, "local.ports", FAILURE, Blame.CALLER, Retry.BACKOFF, Billed.NEVER, Ejects.NOTHING, true, false,
            "no local port left"),
    /** No thread could be started. */
    THREADS(RESOURCE_EXHAUSTION, "local.threads", FAILURE, Blame.CALLER, Retry.BACKOFF, Billed.NEVER, Ejects.NOTHING, true, false,
            "no thread could be started"),
    /** Shed by the limits configured here. */
    OWN_LIMITS(RESOURCE_EXHAUSTION, "local.limits", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, true, false,
            "shed by the limits configured here"),
    /** Every deployment is ejected. */
    NO_DEPLOYMENT(RESOURCE_EXHAUSTION, "local.no-deployment", FAILURE, Blame.PROVIDER, Retry.NO, Billed.NEVER, Ejects.NOTHING, true, false,
            "every deployment is ejected"),
    /** Retries at several layers multiply. */
    RETRY_STORM(RESOURCE_EXHAUSTION, "local.retry-storm", CONDITION, Blame.CALLER, Retry.NO, Billed.POSSIBLE, Ejects.NOTHING, false, false,
            "retries at several layers multiply"),
    /** The shared cache store is down, slow or full: treated as a miss. */
    STORE_UNAVAILABLE(RESOURCE_EXHAUSTION, "local.cache-store", CONDITION, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, false,
            "the shared cache store is down, slow or full: treated as a miss"),
    /** Requests per minute used up. */
    RATE_LIMIT_REQUESTS(RESOURCE_EXHAUSTION, "limit.requests", FAILURE, Blame.PROVIDER, Retry.AFTER_HEADER, Billed.NEVER, Ejects.KEY, true, false,
            "requests per minute used up"),
    /** Tokens per minute used up. */
    RATE_LIMIT_TOKENS(RESOURCE_EXHAUSTION, "limit.tokens", FAILURE, Blame.PROVIDER, Retry.AFTER_HEADER, Billed.NEVER, Ejects.KEY, true, false,
            "tokens per minute used up"),
    /** Too steep a ramp. */
    RATE_LIMIT_BURST(RESOURCE_EXHAUSTION, "limit.burst", FAILURE, Blame.PROVIDER, Retry.BACKOFF, Billed.NEVER, Ejects.KEY, true, false,
            "too steep a ramp"),
    /** Too many calls at once. */
    CONCURRENCY_LIMIT(RESOURCE_EXHAUSTION, "limit.concurrency", FAILURE, Blame.PROVIDER, Retry.BACKOFF, Billed.NEVER, Ejects.MODEL, true, false,
            "too many calls at once"),
    /** This one request asks for more than the whole limit. */
    REQUEST_OVER_LIMIT(RESOURCE_EXHAUSTION, "limit.request-over-limit", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.NEVER, Ejects.NOTHING, false, true,
            "this one request asks for more than the whole limit"),
    /** Credit or quota is used up: not transient. */
    QUOTA_EXHAUSTED(RESOURCE_EXHAUSTION, "limit.quota", FAILURE, Blame.CALLER, Retry.OTHER_KEY, Billed.NEVER, Ejects.KEY, false, false,
            "credit or quota is used up: not transient"),
    /** A limit that resets much later. */
    DAILY_LIMIT(RESOURCE_EXHAUSTION, "limit.daily", FAILURE, Blame.PROVIDER, Retry.FAILOVER, Billed.NEVER, Ejects.KEY, true, false,
            "a limit that resets much later"),
    /** The provider has no capacity. */
    PROVIDER_OVERLOADED(RESOURCE_EXHAUSTION, "provider.overloaded", FAILURE, Blame.PROVIDER, Retry.BACKOFF, Billed.NEVER, Ejects.MODEL, true, false,
            "the provider has no capacity"),
    /** The model is being started. */
    MODEL_LOADING(RESOURCE_EXHAUSTION, "provider.model-loading", FAILURE, Blame.PROVIDER, Retry.BACKOFF, Billed.NEVER, Ejects.MODEL, true, false,
            "the model is being started"),

    // REQUEST: code, kind, blame, retry, billed, ejects, stale, shared, title
    /** Prompt and answer do not fit the model's window. */
    CONTEXT_LENGTH(REQUEST, "request.context-length", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, true,
            "prompt and answer do not fit the model's window"),
    /** The request body is over the size limit. */
    BODY_TOO_LARGE(REQUEST, "request.too-large", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, true,
            "the request body is over the size limit"),
    /** No such model or deployment. */
    MODEL_UNKNOWN(REQUEST, "request.model-unknown", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.NEVER, Ejects.MODEL, false, true,
            "no such model or deployment"),
    /** The model was deprecated or removed. */
    MODEL_RETIRED(REQUEST, "request.model-retired", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.NEVER, Ejects.MODEL, false, true,
            "the model was deprecated or removed"),
    /** Base URL, path or API version does not exist. */
    WRONG_ENDPOINT(REQUEST, "request.wrong-endpoint", FAILURE, Blame.CALLER, Retry.FAILOVER, Billed.NEVER, Ejects.ENDPOINT, false, true,
            "base URL, path or API version does not exist"),
    /** A parameter was rejected. */
    INVALID_REQUEST(REQUEST, "request.invalid", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, true,
            "a parameter was rejected"),
    /** Blocked or refused by a content policy. */
    CONTENT_POLICY(REQUEST, "request.content-policy", EITHER, Blame.CALLER, Retry.NO, Billed.POSSIBLE, Ejects.NOTHING, false, true,
            "blocked or refused by a content policy"),
    /** The answer was cut by max_tokens. */
    TOKEN_LIMIT_TOO_LOW(REQUEST, "request.max-tokens-too-low", FINDING, Blame.CALLER, Retry.NO, Billed.YES, Ejects.NOTHING, false, false,
            "the answer was cut by max_tokens"),
    /** The request body is not one JSON object. */
    MALFORMED_JSON(REQUEST, "request.malformed-json", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, true,
            "the request body is not one JSON object"),
    /** Lone surrogates or malformed UTF-8 in the request. */
    MALFORMED_TEXT(REQUEST, "request.malformed-text", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, true,
            "lone surrogates or malformed UTF-8 in the request"),
    /** A header that cannot be sent. */
    BAD_HEADER(REQUEST, "request.header", FAILURE, Blame.CALLER, Retry.NO, Billed.NEVER, Ejects.NOTHING, false, true,
            "a header that cannot be sent"),

    // PROVIDER: code, kind, blame, retry, billed, ejects, stale, shared, title
    /** 500: the provider failed. */
    SERVER_ERROR(PROVIDER, "provider.server-error", FAILURE, Blame.PROVIDER, Retry.BACKOFF, Billed.NEVER, Ejects.MODEL, true, false,
            "500: the provider failed"),
    /** 502 or an edge's 52x. */
    BAD_GATEWAY(PROVIDER, "provider.bad-gateway", FAILURE, Blame.PROVIDER, Retry.BACKOFF, Billed.NEVER, Ejects.MODEL, true, false,
            "502 or an edge's 52x"),
    /** 503 without a more exact cause. */
    UNAVAILABLE(PROVIDER, "provider.unavailable", FAILURE, Blame.PROVIDER, Retry.BACKOFF, Billed.NEVER, Ejects.MODEL, true, false,
            "503 without a more exact cause"),
    /** An error inside a success, of no more exact cause. */
    IN_BAND_ERROR(PROVIDER, "provider.in-band-error", FAILURE, Blame.PROVIDER, Retry.ONCE, Billed.POSSIBLE, Ejects.MODEL, true, false,
            "an error inside a success, of no more exact cause"),
    /** 409 or 425. */
    CONFLICT(PROVIDER, "provider.conflict", FAILURE, Blame.PROVIDER, Retry.BACKOFF, Billed.NEVER, Ejects.NOTHING, true, false,
            "409 or 425"),

    // OTHER: code, kind, blame, retry, billed, ejects, stale, shared, title
    /** The application cancelled or closed the call. */
    CANCELLED(OTHER, "caller.cancelled", FAILURE, Blame.CALLER, Retry.NO, Billed.POSSIBLE, Ejects.NOTHING, false, false,
            "the application cancelled or closed the call"),
    /** Nothing fits: all evidence is kept. */
    UNKNOWN(OTHER, "unknown", FAILURE, Blame.UNKNOWN, Retry.NO, Billed.POSSIBLE, Ejects.NOTHING, false, false,
            "nothing fits: all evidence is kept");
    // spotless:on

    private final FaultFamily family;
    private final String code;
    private final Kind kind;
    private final Blame blame;
    private final Retry retry;
    private final Billed billed;
    private final Ejects ejects;
    private final boolean stale;
    private final boolean shared;
    private final String title;

    FaultCause(
            FaultFamily family,
            String code,
            Kind kind,
            Blame blame,
            Retry retry,
            Billed billed,
            Ejects ejects,
            boolean stale,
            boolean shared,
            String title) {
        this.family = family;
        this.code = code;
        this.kind = kind;
        this.blame = blame;
        this.retry = retry;
        this.billed = billed;
        this.ejects = ejects;
        this.stale = stale;
        this.shared = shared;
        this.title = title;
    }

    /**
     * Returns the family.
     *
     * @return the family of this cause
     */
    public FaultFamily family() {
        return family;
    }

    /**
     * Returns the stable name that stands in headers, metrics and messages.
     *
     * @return the code, such as {@code timeout.connect}
     */
    public String code() {
        return code;
    }

    /**
     * Returns what this cause does to an attempt.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns who can change it.
     *
     * @return who is to blame
     */
    public Blame blame() {
        return blame;
    }

    /**
     * Returns how a call that failed so may be sent again.
     *
     * @return the way
     */
    public Retry retry() {
        return retry;
    }

    /**
     * Returns whether an attempt that failed so may have cost money, at the most.
     *
     * @return the upper bound
     */
    public Billed billed() {
        return billed;
    }

    /**
     * Returns what is set aside for a while when it persists.
     *
     * @return the scope
     */
    public Ejects ejects() {
        return ejects;
    }

    /**
     * Says whether a stale cached answer may be served instead.
     *
     * @return whether it may
     */
    public boolean stale() {
        return stale;
    }

    /**
     * Says whether it is deterministic, so that calls that joined the same flight share it.
     *
     * @return whether it is
     */
    public boolean shared() {
        return shared;
    }

    /**
     * Returns what it is, in a few words.
     *
     * @return a phrase in lower case, without a full stop
     */
    public String title() {
        return title;
    }

    /**
     * Returns where to read more: the page that says what this cause is, how it is recognised, how to resolve it and
     * how to reproduce it.
     *
     * @return the path of the page in this project, such as {@code docs/faults/timeout.connect.md}
     */
    public String page() {
        return "docs/faults/" + code + ".md";
    }

    /** What a cause does to an attempt. */
    public enum Kind {
        /** Ends the attempt. */
        FAILURE,
        /** The answer is handed on, an event tells it; a setting may raise it to a failure. */
        FINDING,
        /** A failure as an HTTP error or as certain damage, a finding inside a complete answer. */
        EITHER,
        /** A state of this process or of the traffic, told by an event or named as the reason of another fault. */
        CONDITION
    }

    /**
     * How a call may be sent again. A deployment that was not tried in this call comes first, without delay; else the
     * same one, as said here.
     */
    public enum Retry {
        /** At once. */
        NOW,
        /** After a back-off with jitter. */
        BACKOFF,
        /** A single time. */
        ONCE,
        /** When the provider says. */
        AFTER_HEADER,
        /** At another deployment only. */
        FAILOVER,
        /** With another key of the deployment, else at another deployment. */
        OTHER_KEY,
        /** With a new token, once; then as {@link #OTHER_KEY}. */
        REFRESH,
        /** Never. */
        NO
    }

    /** Whether an attempt may have cost money. */
    public enum Billed {
        /** It did not. */
        NEVER,
        /** It may have. */
        POSSIBLE,
        /** It did, as far as can be known. */
        YES
    }

    /** What is set aside for a while when a cause persists. */
    public enum Ejects {
        /** Nothing. */
        NOTHING,
        /** The key. */
        KEY,
        /** The deployment's origin, for all deployments that share it. */
        ENDPOINT,
        /** The model at that origin. */
        MODEL
    }
}
