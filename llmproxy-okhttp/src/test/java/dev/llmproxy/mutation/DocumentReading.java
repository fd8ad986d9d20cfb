package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A plain answer: what it has to have, and the arguments of its calls. */
final class DocumentReading extends Reading {
    private final String required;

    /** Reads an answer that has to have this member, or any where it has no name. */
    DocumentReading(String required) {
        this.required = required;
    }

    @Override
    void event(Event event) {
        Map<?, ?> answer = event.object();
        setContent("all", answer);
        Object value = answer.get(required);
        boolean isThere = (required.equals("output") && Plain.map(value).isEmpty())
                ? value instanceof List
                : value instanceof List || value instanceof Map;
        wrongIf(!required.isEmpty() && !isThere, FaultCause.WRONG_SHAPE);
        wrongIf(required.equals("choices") && Plain.list(value).isEmpty(), FaultCause.WRONG_SHAPE);
        for (Map<?, ?> call : calls(answer)) {
            String arguments = Plain.text(call, "arguments");
            wrongIf(!arguments.isEmpty() && !Plain.isObject(arguments), FaultCause.BAD_TOOL_ARGUMENTS);
        }
    }

    private static List<Map<?, ?>> calls(Map<?, ?> answer) {
        List<Map<?, ?>> calls = new ArrayList<>();
        for (Object choice : Plain.list(answer, "choices")) {
            calls.addAll(functions(Plain.map(Plain.map(choice), "message")));
        }
        for (Object item : Plain.list(answer, "output")) {
            if (Plain.text(Plain.map(item), "type").equals("function_call")) {
                calls.add(Plain.map(item));
            }
        }
        calls.addAll(functions(Plain.map(answer, "message")));
        return calls;
    }

    private static List<Map<?, ?>> functions(Map<?, ?> message) {
        List<Map<?, ?>> functions = new ArrayList<>();
        for (Object call : Plain.list(message, "tool_calls")) {
            functions.add(Plain.map(Plain.map(call), "function"));
        }
        return functions;
    }

    @Override
    void end() {}
}
