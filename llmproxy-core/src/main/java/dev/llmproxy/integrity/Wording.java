package dev.llmproxy.integrity;

import dev.llmproxy.dialect.Rule;

/** Says of each rule, in a sentence of a fault, what its finding means. */
final class Wording {
    private Wording() {}

    static String of(Rule rule) {
        return switch (rule) {
            case STREAM_NO_TERMINATOR ->
                "the stream ended without its terminator: what arrived is not the whole answer";
            case STREAM_UNTERMINATED_EVENT -> "the stream ended inside an event";
            case STREAM_SPLICE -> "another answer began inside this one";
            case STREAM_ORDER, STREAM_SEQUENCE, STREAM_INDEX, STREAM_DONE_MISMATCH ->
                "events of the stream were lost, repeated or mixed up";
            case STREAM_FRAME -> "a frame of the stream is damaged";
            case STREAM_INBAND_ERROR, SHAPE_ERROR_IN_200 -> "the provider reported an error inside a success";
            case TRANSPORT_HTML -> "a web page came in place of an answer";
            case TRANSPORT_CONTENT_TYPE -> "the answer is of another kind than was asked for, or than it says";
            case TRANSPORT_EMPTY -> "the answer was empty";
            case TRANSPORT_CONTENT_LENGTH -> "the answer has another length than it declares";
            case TRANSPORT_RATIO -> "the answer decompresses to far more than any answer";
            case IDENTITY_STALE -> "the answer was made before the request";
            case IDENTITY_REPLAY -> "the answer was given to another request before";
            case TRANSPORT_GZIP -> "the answer is compressed in a way that was not agreed on";
            case JSON_TRUNCATED -> "the answer ends in the middle of its JSON";
            case JSON_SYNTAX, TEXT_CONTROL -> "the answer is not JSON";
            case JSON_TRAILING -> "something follows the answer's JSON";
            case JSON_SIZE, JSON_DEPTH -> "the answer is larger than any answer should be";
            case TEXT_UTF8 -> "the answer's text is not UTF-8";
            case SHAPE_REQUIRED, SHAPE_EMPTY_CHOICES, SHAPE_EMBEDDING -> "the answer lacks what its format requires";
            case TOOL_ARGS_JSON, TOOL_ARGS_TRUNCATED -> "the arguments of a tool call are not one JSON object";
            case REQUEST_JSON -> "the body of the request is not one JSON object";
            case REQUEST_UTF8 -> "the text of the request is not UTF-8";
            case REQUEST_SURROGATE -> "the text of the request has half of a surrogate pair";
            case REQUEST_HEADER_CHARS -> "a header of the request has a character that must not be sent";
            case REQUEST_SIZE -> "the request is larger than its provider takes";
            case REQUEST_KEY -> "the request carries a key of another provider";
            case REQUEST_DIGEST -> "the body of the request is not what it says";
            case SCHEMA_RESPONSE_FORMAT -> "the answer breaks the schema that the request demanded";
            case TOOL_SCHEMA -> "the arguments of a tool call break the tool's schema";
            default -> "the answer breaks rule " + rule.id();
        };
    }
}
