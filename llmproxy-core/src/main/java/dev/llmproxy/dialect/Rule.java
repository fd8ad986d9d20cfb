package dev.llmproxy.dialect;

import dev.llmproxy.fault.FaultCause;

/**
 * What can be wrong with an answer or a request: each rule has a stable id, how bad it is if nothing else is said, and
 * the cause of the fault that it becomes as an error. New ones may come in minor releases.
 */
public enum Rule {
    // spotless:off
    // Transport
    /** The body has another length than declared. */
    TRANSPORT_CONTENT_LENGTH("transport.content-length", Severity.ERROR, FaultCause.TRUNCATED_BODY),
    /** The body does not decompress, is not compressed as it says or as was asked for, or is and does not say so. */
    TRANSPORT_GZIP("transport.gzip", Severity.ERROR, FaultCause.BAD_COMPRESSION),
    /** The body decompresses to far more than any answer does. */
    TRANSPORT_RATIO("transport.ratio", Severity.ERROR, FaultCause.OVERSIZED),
    /** The body is of another class than declared, or than was asked for. */
    TRANSPORT_CONTENT_TYPE("transport.content-type", Severity.WARNING, FaultCause.WRONG_CONTENT_TYPE),
    /** A web page instead of an answer. */
    TRANSPORT_HTML("transport.html", Severity.ERROR, FaultCause.HTML_PAGE),
    /** A success without a byte, or a stream without an event. */
    TRANSPORT_EMPTY("transport.empty", Severity.ERROR, FaultCause.EMPTY_BODY),
    /** A whole stream came in one burst after a long wait. */
    TRANSPORT_BUFFERED("transport.buffered", Severity.INFO, FaultCause.REJECTED_BY_CHECK),
    /** A byte order mark before JSON. */
    TRANSPORT_BOM("transport.bom", Severity.WARNING, FaultCause.BAD_TEXT_ENCODING),

    // Text
    /** Malformed UTF-8. */
    TEXT_UTF8("text.utf8", Severity.ERROR, FaultCause.BAD_TEXT_ENCODING),
    /** Replacement characters in the text: something was lost before it was sent. */
    TEXT_UFFFD("text.ufffd", Severity.WARNING, FaultCause.BAD_TEXT_ENCODING),
    /** Text that was decoded in the wrong encoding and encoded again. */
    TEXT_MOJIBAKE("text.mojibake", Severity.WARNING, FaultCause.BAD_TEXT_ENCODING),
    /** Half of a surrogate pair. */
    TEXT_LONE_SURROGATE("text.lone-surrogate", Severity.WARNING, FaultCause.BAD_TEXT_ENCODING),
    /** A character U+0000 in the text. */
    TEXT_NUL("text.nul", Severity.WARNING, FaultCause.BAD_TEXT_ENCODING),
    /** A raw control character in a JSON string. */
    TEXT_CONTROL("text.control", Severity.ERROR, FaultCause.BAD_JSON),
    /** The text repeats itself without end. */
    TEXT_REPETITION("text.repetition", Severity.WARNING, FaultCause.REPETITION_LOOP),

    // JSON
    /** A body or event that is not one JSON value. */
    JSON_SYNTAX("json.syntax", Severity.ERROR, FaultCause.BAD_JSON),
    /** A body that ends inside its JSON value, although nothing says that the connection was cut. */
    JSON_TRUNCATED("json.truncated", Severity.ERROR, FaultCause.TRUNCATED_SILENTLY),
    /** More than one JSON value in a body or event. */
    JSON_TRAILING("json.trailing", Severity.ERROR, FaultCause.TRAILING_DATA),
    /** An object names a member twice. */
    JSON_DUP_KEY("json.dup-key", Severity.WARNING, FaultCause.BAD_JSON),
    /** Nested deeper than any answer. */
    JSON_DEPTH("json.depth", Severity.ERROR, FaultCause.OVERSIZED),
    /** A line, event, string, name or number over its cap. */
    JSON_SIZE("json.size", Severity.ERROR, FaultCause.OVERSIZED),
    /** Members that the format requires are missing or of another type. */
    SHAPE_REQUIRED("shape.required", Severity.WARNING, FaultCause.WRONG_SHAPE),
    /** An error in the body of a success. */
    SHAPE_ERROR_IN_200("shape.error-in-200", Severity.ERROR, FaultCause.IN_BAND_ERROR),
    /** An answer without a choice. */
    SHAPE_EMPTY_CHOICES("shape.empty-choices", Severity.ERROR, FaultCause.WRONG_SHAPE),
    /** Vectors whose numbers or lengths do not fit together, or of no value. */
    SHAPE_EMBEDDING("shape.embedding", Severity.ERROR, FaultCause.WRONG_SHAPE),

    // Stream
    /** The stream ended without its terminator. */
    STREAM_NO_TERMINATOR("stream.no-terminator", Severity.ERROR, FaultCause.STREAM_UNTERMINATED),
    /** Bytes behind the last event. */
    STREAM_UNTERMINATED_EVENT("stream.unterminated-event", Severity.WARNING, FaultCause.STREAM_UNTERMINATED),
    /** Events behind the terminator. */
    STREAM_AFTER_TERMINATOR("stream.after-terminator", Severity.WARNING, FaultCause.TRAILING_DATA),
    /** An error in the stream. */
    STREAM_INBAND_ERROR("stream.inband-error", Severity.ERROR, FaultCause.IN_BAND_ERROR),
    /** An event that cannot come in this state. */
    STREAM_ORDER("stream.order", Severity.ERROR, FaultCause.STREAM_DISORDERED),
    /** Another answer begins inside this one. */
    STREAM_SPLICE("stream.splice", Severity.ERROR, FaultCause.STREAM_SPLICED),
    /** The same answer begins again. */
    STREAM_DUP_START("stream.dup-start", Severity.WARNING, FaultCause.STREAM_DISORDERED),
    /** A sequence number that does not follow its predecessor. */
    STREAM_SEQUENCE("stream.sequence", Severity.ERROR, FaultCause.STREAM_DISORDERED),
    /** An index that does not follow its predecessor, or that nothing was begun for. */
    STREAM_INDEX("stream.index", Severity.ERROR, FaultCause.STREAM_DISORDERED),
    /** The id changes. */
    STREAM_ID_CHANGE("stream.id-change", Severity.WARNING, FaultCause.STREAM_SPLICED),
    /** The model changes. */
    STREAM_MODEL_CHANGE("stream.model-change", Severity.WARNING, FaultCause.STREAM_SPLICED),
    /** An event whose name differs from its type. */
    STREAM_TYPE_MISMATCH("stream.type-mismatch", Severity.WARNING, FaultCause.WRONG_SHAPE),
    /** The pieces do not add up to the whole that was sent behind them. */
    STREAM_DONE_MISMATCH("stream.done-mismatch", Severity.ERROR, FaultCause.STREAM_DISORDERED),
    /** A run of events comes again. */
    STREAM_DUP_DELTA("stream.dup-delta", Severity.WARNING, FaultCause.STREAM_DISORDERED),
    /** Comments only, for long. */
    STREAM_COMMENT_FLOOD("stream.comment-flood", Severity.INFO, FaultCause.KEEPALIVE_ONLY),
    /** A binary event whose checksum, lengths or headers are wrong. */
    STREAM_FRAME("stream.frame", Severity.ERROR, FaultCause.FRAME_CHECKSUM),

    // Answer
    /** A complete answer does not say why it ended. */
    ANSWER_FINISH_MISSING("answer.finish-missing", Severity.WARNING, FaultCause.STREAM_UNTERMINATED),
    /** The answer was cut by a limit. */
    ANSWER_FINISH_LENGTH("answer.finish-length", Severity.WARNING, FaultCause.TOKEN_LIMIT_TOO_LOW),
    /** A finish reason that the format does not know. */
    ANSWER_FINISH_VOCAB("answer.finish-vocab", Severity.INFO, FaultCause.WRONG_SHAPE),
    /** A finish reason that does not fit what was answered. */
    ANSWER_FINISH_CONFLICT("answer.finish-conflict", Severity.INFO, FaultCause.WRONG_SHAPE),
    /** Blocked or refused by a content policy. */
    ANSWER_BLOCKED("answer.blocked", Severity.WARNING, FaultCause.CONTENT_POLICY),
    /** A natural end without text, tool call, refusal or reasoning. */
    ANSWER_EMPTY("answer.empty", Severity.WARNING, FaultCause.EMPTY_ANSWER),
    /** Reasoning used up the limit before any text. */
    ANSWER_REASONING_ONLY("answer.reasoning-only", Severity.WARNING, FaultCause.TOKEN_LIMIT_TOO_LOW),
    /** A check of the application's own has rejected the answer, has warned of it, or has failed. */
    ANSWER_CHECK("answer.check", Severity.ERROR, FaultCause.REJECTED_BY_CHECK),
    /** Tool arguments that are not one JSON object. */
    TOOL_ARGS_JSON("tool.args-json", Severity.ERROR, FaultCause.BAD_TOOL_ARGUMENTS),
    /** Tool arguments that a limit has cut. */
    TOOL_ARGS_TRUNCATED("tool.args-truncated", Severity.ERROR, FaultCause.BAD_TOOL_ARGUMENTS),
    /** A call of a tool that was not offered. */
    TOOL_UNKNOWN("tool.unknown", Severity.WARNING, FaultCause.BAD_TOOL_ARGUMENTS),
    /** A tool call without an id of its own. */
    TOOL_MISSING_ID("tool.missing-id", Severity.WARNING, FaultCause.BAD_TOOL_ARGUMENTS),
    /** Tool arguments that break the tool's schema. */
    TOOL_SCHEMA("tool.schema", Severity.WARNING, FaultCause.BAD_TOOL_ARGUMENTS),
    /** The answer breaks the schema that the request demanded. */
    SCHEMA_RESPONSE_FORMAT("schema.response-format", Severity.ERROR, FaultCause.SCHEMA_VIOLATION),
    /** The total is not the sum of its parts. */
    USAGE_SUM("usage.sum", Severity.INFO, FaultCause.REJECTED_BY_CHECK),
    /** No tokens for a text, or counters that decrease. */
    USAGE_ZERO("usage.zero", Severity.WARNING, FaultCause.REJECTED_BY_CHECK),
    /** A text far too long or short for its tokens. */
    USAGE_PLAUSIBLE("usage.plausible", Severity.INFO, FaultCause.REJECTED_BY_CHECK),
    /** Another model answered than was asked. */
    IDENTITY_MODEL("identity.model", Severity.WARNING, FaultCause.WRONG_ANSWER),
    /** An answer that was given to another request before. */
    IDENTITY_REPLAY("identity.replay", Severity.ERROR, FaultCause.WRONG_ANSWER),
    /** An answer from before the request. */
    IDENTITY_STALE("identity.stale", Severity.WARNING, FaultCause.WRONG_ANSWER),

    // Request
    /** What is sent is not what was handed to the HTTP client, or a body is not as long as it says. */
    REQUEST_DIGEST("request.digest", Severity.WARNING, FaultCause.REQUEST_ALTERED),
    /** The request's body is not one JSON object. */
    REQUEST_JSON("request.json", Severity.ERROR, FaultCause.MALFORMED_JSON),
    /** Malformed UTF-8 in the request. */
    REQUEST_UTF8("request.utf8", Severity.ERROR, FaultCause.MALFORMED_TEXT),
    /** Half of a surrogate pair in the request. */
    REQUEST_SURROGATE("request.surrogate", Severity.ERROR, FaultCause.MALFORMED_TEXT),
    /** Characters that a header cannot have. */
    REQUEST_HEADER_CHARS("request.header-chars", Severity.ERROR, FaultCause.BAD_HEADER),
    /** The request is over the provider's limit. */
    REQUEST_SIZE("request.size", Severity.ERROR, FaultCause.BODY_TOO_LARGE),
    /** A key of one provider on its way to another. */
    REQUEST_KEY("request.key", Severity.ERROR, FaultCause.KEY_OF_OTHER_PROVIDER),
    /** Headers or parameters of another provider. */
    REQUEST_MISMATCH("request.mismatch", Severity.WARNING, FaultCause.INVALID_REQUEST),
    /** Body and headers differ in whether a stream is asked for. */
    REQUEST_STREAM_FLAG("request.stream-flag", Severity.INFO, FaultCause.INVALID_REQUEST),
    /** A content encoding or type that the provider may refuse. */
    REQUEST_ENCODING("request.encoding", Severity.WARNING, FaultCause.INVALID_REQUEST);
    // spotless:on

    private final String id;
    private final Severity severity;
    private final FaultCause cause;

    Rule(String id, Severity severity, FaultCause cause) {
        this.id = id;
        this.severity = severity;
        this.cause = cause;
    }

    /**
     * Returns the stable name that stands in settings, events and reports.
     *
     * @return an id such as {@code stream.no-terminator}
     */
    public String id() {
        return id;
    }

    /**
     * Returns how bad it is if nothing else is said, neither by a setting nor by what was found.
     *
     * @return the severity
     */
    public Severity severity() {
        return severity;
    }

    /**
     * Returns the cause of the fault that a finding of this rule becomes as an error.
     *
     * @return the cause
     */
    public FaultCause cause() {
        return cause;
    }

    /** Returns the id. */
    @Override
    public String toString() {
        return id;
    }

    /** How bad a finding is. */
    public enum Severity {
        /** Worth knowing. */
        INFO,
        /** Suspicious, but healthy answers may look so. */
        WARNING,
        /** Unusable, or certainly damaged. */
        ERROR
    }
}
