package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The stream of OpenAI's responses: numbered events, and every text written out behind its pieces. */
final class ResponsesReading extends Reading {
    private static final List<String> CALLS = List.of(
            "response.function_call_arguments",
            "response.mcp_call_arguments",
            "response.custom_tool_call_input",
            "response.code_interpreter_call_code");
    private static final List<String> WHOLES = List.of("text", "refusal", "arguments", "input", "code", "diff");

    private final Map<String, StringBuilder> sums = new TreeMap<>();
    private final Map<Integer, Boolean> items = new TreeMap<>();
    private int number = -1;
    private boolean isNumbered;
    private boolean started;
    private String id = "";

    @Override
    boolean stopsAtDone() {
        return true;
    }

    @Override
    void event(Event event) {
        if (isOver() || event.isDone()) {
            return;
        }
        Map<?, ?> object = event.object();
        number(object);
        String type = event.type();
        wrongIf(started && object.containsKey("choices"), FaultCause.STREAM_SPLICED);
        if (type.equals("response.created")) {
            String newId = Plain.text(Plain.map(object, "response"), "id");
            wrongIf(started && !newId.equals(id), FaultCause.STREAM_SPLICED);
            id = newId;
        } else {
            wrongIf(!started && type.startsWith("response."), FaultCause.STREAM_DISORDERED);
        }
        started = true;
        // Where it is left out, it is the one that is going on.
        int going = object.containsKey("delta") || object.containsKey("text") ? items.size() - 1 : -1;
        int item = Plain.number(object, "output_index", going);
        if (item >= 0) {
            item(type, item, object);
        }
        if (type.matches("response\\.(completed|incomplete|failed)")) {
            terminal(type, Plain.map(object, "response"));
        }
    }

    private void number(Map<?, ?> object) {
        int next = Plain.number(object, "sequence_number", -1);
        if (next >= 0) {
            wrongIf(next != number + 1, FaultCause.STREAM_DISORDERED);
            isNumbered = true;
            number = next;
        }
    }

    private void item(String type, int item, Map<?, ?> object) {
        if (type.equals("response.output_item.added")) {
            wrongIf(items.containsKey(item) && !isNumbered, FaultCause.STREAM_DISORDERED);
            items.put(item, false);
            return;
        }
        wrongIf(!isNumbered && items.getOrDefault(item, true), FaultCause.STREAM_DISORDERED);
        if (type.equals("response.output_item.done")) {
            items.put(item, true);
            written(item, Plain.map(object, "item"));
            content("item " + item, object.get("item"));
            return;
        }
        String place = place(type, item, object);
        if (type.endsWith(".delta")) {
            sums.computeIfAbsent(place, key -> new StringBuilder()).append(Plain.text(object, "delta"));
            content(place, Plain.text(object, "delta"));
        } else if (type.endsWith(".done")) {
            for (String whole : WHOLES) {
                mustBe(place, object.get(whole));
                mustBe(place, Plain.map(object, "part").get(whole));
            }
        }
    }

    /** Returns which text an event is about: an item has contents, or summaries, or one input. */
    private static String place(String type, int item, Map<?, ?> object) {
        String text = type.substring(0, Math.max(0, type.lastIndexOf('.')));
        return switch (text) {
            case "response.output_text", "response.refusal", "response.reasoning_text", "response.content_part" ->
                "content " + item + " " + Plain.number(object, "content_index", 0);
            case "response.reasoning_summary_text", "response.reasoning_summary_part" ->
                "summary " + item + " " + Plain.number(object, "summary_index", 0);
            default -> text + " " + item;
        };
    }

    private void mustBe(String place, @Nullable Object whole) {
        StringBuilder sum = sums.get(place);
        boolean isOther = whole instanceof String text && sum != null && !text.contentEquals(sum);
        wrongIf(isOther, FaultCause.STREAM_DISORDERED);
    }

    // What an item has when it is whole.
    private void written(int item, Map<?, ?> whole) {
        List<?> parts = Plain.list(whole, "content");
        for (int i = 0; i < parts.size(); i++) {
            Map<?, ?> part = Plain.map(parts.get(i));
            mustBe("content " + item + " " + i, part.get("text"));
            mustBe("content " + item + " " + i, part.get("refusal"));
        }
        List<?> summary = Plain.list(whole, "summary");
        for (int i = 0; i < summary.size(); i++) {
            mustBe("summary " + item + " " + i, Plain.map(summary.get(i)).get("text"));
        }
        for (String call : CALLS) {
            String member = call.substring(call.lastIndexOf('_') + 1);
            mustBe(call + " " + item, whole.get(member));
        }
        mustBe(
                "response.apply_patch_call_operation_diff " + item,
                Plain.map(whole, "operation").get("diff"));
        boolean isCall = Plain.text(whole, "type").equals("function_call");
        wrongIf(isCall && !Plain.isObject(Plain.text(whole, "arguments")), FaultCause.BAD_TOOL_ARGUMENTS);
    }

    private void terminal(String type, Map<?, ?> response) {
        over();
        setContent("usage", Plain.map(response, "usage"));
        if (type.equals("response.completed")) {
            List<?> output = Plain.list(response, "output");
            for (int i = 0; i < output.size(); i++) {
                written(i, Plain.map(output.get(i)));
            }
            wrongIf(!isNumbered && items.containsValue(false), FaultCause.STREAM_DISORDERED);
        }
    }

    @Override
    void end() {
        wrongIf(!isOver(), FaultCause.STREAM_UNTERMINATED);
    }
}
