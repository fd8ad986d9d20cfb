package dev.llmproxy.diagnosis;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The request cannot be served as it is: forbidden content, broken JSON or text, a parameter that is refused, a lock. */
final class RequestRules {
    static final List<Sign> SIGNS = List.of(
            Sign.of(FaultCause.CONFLICT).named("conversation_locked").saying("another process is currently operating"),
            Sign.of(FaultCause.CONTENT_POLICY)
                    .named(
                            "content_filter",
                            "content_policy_violation",
                            "responsibleaipolicyviolation",
                            "content_filtered",
                            "content_policy",
                            "data_inspection_failed",
                            "datainspectionfailed",
                            "moderation_blocked",
                            "sensitive_words_detected",
                            "prompt_blocked",
                            "invalid_prompt",
                            "safety_violation")
                    .saying(
                            "content management policy",
                            "content policy",
                            "content filtering policy",
                            "usage policy",
                            "usage guidelines",
                            "usage policies",
                            "flagged",
                            "safety system",
                            "审核不通过", // did not pass the review
                            "content exists risk",
                            "inappropriate content",
                            "sensitive content",
                            "sensitive words",
                            "prohibited content",
                            "prohibited_content"),
            Sign.of(FaultCause.MALFORMED_TEXT)
                    .saying(
                            "surrogate",
                            "invalid utf-8",
                            "invalid utf8",
                            "not valid utf-8",
                            "malformed utf-8",
                            "utf-8 codec",
                            "utf-8' codec",
                            "invalid unicode"),
            Sign.of(FaultCause.INVALID_REQUEST).saying("cannot find field", "unknown name \"", "failed to deserialize"),
            Sign.of(FaultCause.MALFORMED_JSON)
                    .named("json_invalid", "invalid_json", "serializationexception", "malformed_json")
                    .saying(
                            "not valid json",
                            "could not parse the json",
                            "invalid json",
                            "json decode error",
                            "failed to parse the request body as json",
                            "invalid character '",
                            "unexpected end of json",
                            "malformed json",
                            "json parse error",
                            "json parsing error",
                            "could not decode json",
                            "expecting value: line"),
            // Groq gives the model's own failure back as an error of the request.
            Sign.of(FaultCause.BAD_TOOL_ARGUMENTS).named("tool_use_failed"),
            Sign.of(FaultCause.SCHEMA_VIOLATION).named("json_validate_failed"),
            Sign.of(FaultCause.INVALID_REQUEST)
                    .named(
                            "invalid_value",
                            "invalid_type",
                            "unsupported_value",
                            "unsupported_parameter",
                            "unknown_parameter",
                            "missing_required_parameter",
                            "invalid_image_url",
                            "image_parse_error",
                            "string_above_max_length",
                            "integer_below_min_value",
                            "invalid_function_parameters")
                    .saying(
                            "unsupported parameter",
                            "unsupported value",
                            "unrecognized request argument",
                            "invalid arguments passed to the model"));

    private static final double SURE = 0.7;

    private RequestRules() {}

    static Fault.@Nullable Builder judge(Refusal of) {
        boolean reading = of.isInBand() || of.isStatus(400, 403, 422, 498);
        return Sign.judge(SIGNS, of, reading, RequestRules::fault);
    }

    private static Fault.Builder fault(Refusal of, FaultCause cause, double confidence) {
        return switch (cause) {
            case CONTENT_POLICY -> contentPolicy(of, confidence);
            case MALFORMED_TEXT -> malformedText(of, confidence);
            case MALFORMED_JSON -> malformedJson(of, confidence);
            case CONFLICT -> ProviderRules.fault(of, cause, confidence);
            case BAD_TOOL_ARGUMENTS, SCHEMA_VIOLATION -> badGeneration(of, cause, confidence);
            default -> invalid(of, confidence);
        };
    }

    private static Fault.Builder contentPolicy(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.CONTENT_POLICY,
                        confidence,
                        "a content policy of " + of.host() + " blocked the call" + of.quote())
                .ruledOut("a passing failure: the same content is likely to be blocked again")
                .remedy("change what the prompt says, or where its parts come from")
                .remedy("if it is blocked wrongly, ask the provider for another filter setting");
    }

    private static Fault.Builder malformedText(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.MALFORMED_TEXT,
                        confidence,
                        "the text of the request is not well-formed Unicode" + of.quote())
                .ruledOut("a passing failure: the same bytes are refused again")
                .remedy("cut texts between characters, not between the halves of a surrogate pair (emoji)");
    }

    private static Fault.Builder malformedJson(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.MALFORMED_JSON,
                        confidence,
                        of.host() + " cannot read the request as JSON" + of.quote())
                .ruledOut("a passing failure: the same bytes are refused again")
                .remedy("write the body with a JSON library, not by joining strings")
                .remedy("check that nothing after it (an interceptor, a proxy) changes or compresses the body");
    }

    private static Fault.Builder badGeneration(Refusal of, FaultCause cause, double confidence) {
        return of.fault(
                        cause,
                        Math.min(confidence, 0.85),
                        "what the model" + of.modelText() + " generated does not fit what was demanded" + of.quote())
                .ruledOut("the form of the request: the model had begun to answer it")
                .remedy("send the call again: the model may do better")
                .remedy("lower the temperature, or describe the tool or schema more simply");
    }

    static Fault.Builder invalid(Refusal of, double confidence) {
        String parameter = of.parameter();
        Fault.Builder fault = of.fault(
                FaultCause.INVALID_REQUEST,
                confidence,
                of.host() + " refused the request" + (parameter.isEmpty() ? "" : " for " + parameter) + of.quote());
        boolean fetched = of.says("downloading") || of.isNamed("invalid_image_url");
        if (confidence >= SURE && !fetched) {
            fault.ruledOut("a passing failure: the same request is refused again");
        }
        return fault.remedy(
                fetched
                        ? "send the image in the request, or from a place that the provider can reach"
                        : remedy(of, parameter));
    }

    private static String remedy(Refusal of, String parameter) {
        if (of.says("anthropic-version")) {
            return "send the header anthropic-version, such as 2023-06-01";
        }
        if (of.says("max_tokens must be at least")) {
            return "look at how max_tokens is computed: below one, the prompt has left no room";
        }
        if (of.isStatus(404, 410)) {
            return "send whole what the request refers to by its id, or look whether that was kept, and by this key's project";
        }
        if (of.says("support tool")) {
            return "use a model that can call tools, or leave the tools out";
        }
        long most = Math.max(Numbers.after("at most", of.words()), Numbers.after("> ", of.words()));
        if (of.says("max_tokens") && most > 0) {
            return "set max_tokens to at most " + Numbers.grouped(most);
        }
        if (parameter.isEmpty()) {
            return "correct what the message names; if it names nothing, compare the request with one that works";
        }
        return (of.says("required") || of.says("missing") ? "add " : "correct or leave out ") + parameter;
    }
}
