package dev.llmproxy.integrity;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;

/** What to do about broken answers. */
final class Remedies {
    private Remedies() {}

    static void add(FaultCause cause, Fault.Builder fault) {
        switch (cause) {
            case STREAM_UNTERMINATED, TRUNCATED_SILENTLY, TRUNCATED_BODY ->
                fault.remedy("send the call again if paying twice is acceptable; what arrived is not the whole answer")
                        .remedy("if it happens often, look at what stands in between: proxies and gateways cut streams"
                                + " after a fixed time or size");
            case STREAM_SPLICED, STREAM_DISORDERED, TRAILING_DATA ->
                fault.remedy("look for a relay that sends a stream again in its middle, and switch that off")
                        .remedy("report it to the provider with the request's id");
            case FRAME_CHECKSUM, BAD_COMPRESSION, BAD_TEXT_ENCODING ->
                fault.remedy("send the call again")
                        .remedy("look for a proxy in between that changes bodies: encodings, character sets");
            case HTML_PAGE, WRONG_CONTENT_TYPE, WRONG_SHAPE, BAD_JSON, EMPTY_BODY ->
                fault.remedy("compare the base URL with the provider's documentation: another service may answer there")
                        .remedy("call the endpoint with curl and look at what comes");
            case OVERSIZED ->
                fault.remedy(
                                "if such answers are meant, allow them",
                                "Integrity.maxBodyBytes, maxEventBytes, maxLineBytes, maxCompressionRatio")
                        .remedy("else look at what answers there");
            case WRONG_ANSWER ->
                fault.remedy("do not use the answer; send the call again")
                        .remedy("look for a cache or relay in between that mixes up answers");
            case BAD_TOOL_ARGUMENTS ->
                fault.remedy("do not run the tool; send the call again")
                        .remedy("if the answer was cut by its limit, raise max_tokens");
            case REJECTED_BY_CHECK ->
                fault.remedy("send the call again, if another answer may be better")
                        .remedy("if the answer is good, look at the check", "Integrity.check");
            case SCHEMA_VIOLATION ->
                fault.remedy("send the call again")
                        .remedy("use a model and a mode that hold to a schema, such as strict structured outputs")
                        .remedy("if the schema asks for more than the provider supports, make it simpler");
            default -> fault.remedy("send the call again").remedy("report it to the provider with the request's id");
        }
    }
}
