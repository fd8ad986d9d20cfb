package dev.llmproxy.schema;

import dev.llmproxy.dialect.AnswerFacts.ToolCall;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.Rule.Severity;
import dev.llmproxy.integrity.Answer;
import dev.llmproxy.integrity.Check;
import dev.llmproxy.integrity.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Checks that hold answers to the JSON schemas that their requests name, for {@link dev.llmproxy.integrity.Integrity#check}.
 * Thread-safe; one of each is enough for a proxy, because it keeps the schemas that it has compiled.
 *
 * <p>What is found names the place and the keyword, and nothing of the answer. The keywords {@code pattern},
 * {@code patternProperties} and {@code format} are not looked at. Nothing is loaded from anywhere: a schema that refers to
 * another place, or is none, is not used.
 */
public final class JsonSchemaCheck {
    private static final int LONGEST_TEXT = 8 << 20;

    // Words for an answer that goes on in another one, or was cut where the request or the application says so.
    private static final Set<String> UNFINISHED =
            Set.of("pause_turn", "compaction", "stop_sequence", "STOP_SEQUENCE", "cancelled");

    private JsonSchemaCheck() {}

    /**
     * Returns the check of structured outputs. Where the request demands JSON, the text has to be one JSON value; where it
     * names a schema, the value has to hold to it. A violation is an error that fails the attempt with
     * {@link dev.llmproxy.fault.FaultCause#SCHEMA_VIOLATION}, or a warning where the request does not ask OpenAI for
     * {@code strict} mode. Refusals, answers that a limit or a filter has cut, and those that call tools are accepted.
     *
     * @return the check
     */
    public static Check ofText() {
        Demands demands = new Demands();
        return answer -> isFinal(answer) ? judge(answer, demands.of(answer.request())) : Verdict.accept();
    }

    /**
     * Returns the check of tool arguments against the schemas of the tools, whose violations are warnings: models call tools
     * with slightly wrong arguments, and most applications tell them so.
     *
     * @return the check
     */
    public static Check ofToolArguments() {
        ToolSchemas schemas = new ToolSchemas();
        return answer -> {
            List<ToolCall> calls = answer.toolCalls();
            ToolSchemas.Offer offer = calls.isEmpty() ? ToolSchemas.Offer.NOTHING : schemas.of(answer.request());
            for (int i = 0; i < calls.size(); i++) {
                Verdict verdict = judge(calls.get(i), offer);
                if (verdict != null) {
                    return verdict.evidence("tool call", (i + 1) + " of " + calls.size());
                }
            }
            return Verdict.accept();
        };
    }

    private static boolean isFinal(Answer answer) {
        boolean natural = switch (answer.finish()) {
            case STOP, OTHER, NONE -> true;
            default -> false;
        };
        boolean over = answer.finishReason().filter(UNFINISHED::contains).isEmpty();
        return natural
                && over
                && answer.refusal().isEmpty()
                && answer.toolCalls().isEmpty();
    }

    private static Verdict judge(Answer answer, Demand demand) {
        if (demand.kind() == Demand.Kind.NOTHING || answer.text().length() > LONGEST_TEXT) {
            return Verdict.accept();
        }
        Severity severity = demand.strict() ? Severity.ERROR : Severity.WARNING;
        Object value;
        try {
            value = JsonTree.read(new Buffer().writeUtf8(answer.text()));
        } catch (IOException e) {
            return violation(Rule.SCHEMA_RESPONSE_FORMAT, severity, new Violation("", "JSON", 1));
        } catch (UnusableException e) {
            return unusable(Rule.SCHEMA_RESPONSE_FORMAT, "the answer: " + e.reason());
        }
        if (demand.kind() == Demand.Kind.OBJECT && !(value instanceof Map)) {
            return violation(Rule.SCHEMA_RESPONSE_FORMAT, severity, new Violation("", "JSON object", 1));
        }
        if (demand.schema() != null) {
            return judge(Rule.SCHEMA_RESPONSE_FORMAT, severity, demand.schema(), value);
        }
        return demand.unusable().isEmpty()
                ? Verdict.accept()
                : unusable(Rule.SCHEMA_RESPONSE_FORMAT, "the schema: " + demand.unusable());
    }

    // No arguments are those of a tool without any, or of a call that was streamed piece by piece in a way of its own.
    private static @Nullable Verdict judge(ToolCall call, ToolSchemas.Offer offer) {
        if (call.arguments().isBlank() || call.arguments().length() > LONGEST_TEXT) {
            return null;
        }
        CompiledSchema schema = offer.of(call.name());
        if (schema == null) {
            return null;
        }
        try {
            Object value = JsonTree.read(new Buffer().writeUtf8(call.arguments()));
            Verdict verdict = judge(Rule.TOOL_SCHEMA, Severity.WARNING, schema, value);
            return verdict == Verdict.accept() ? null : verdict;
        } catch (IOException | UnusableException e) {
            return null; // That they are not JSON is found by another rule.
        }
    }

    private static Verdict judge(Rule rule, Severity severity, CompiledSchema schema, Object value) {
        try {
            Violation violation = schema.violationOf(value);
            return violation == null ? Verdict.accept() : violation(rule, severity, violation);
        } catch (UnusableException e) {
            return unusable(rule, "the schema: " + e.reason());
        }
    }

    private static Verdict violation(Rule rule, Severity severity, Violation violation) {
        return Verdict.breaks(rule, severity, violation.toString())
                .evidence("pointer", violation.pointer())
                .evidence("keyword", violation.keyword());
    }

    private static Verdict unusable(Rule rule, String why) {
        return Verdict.breaks(rule, Severity.INFO, "not checked, " + why);
    }
}
