package dev.llmproxy.okhttp.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The stream of OpenAI's responses: numbered events, and every text written out behind its pieces. */
final class ResponsesReading extends Reading {
    private static final List<String> CALLS = List.of(
            "response.function_call_arguments",
            "response.mcp_call_arguments",
            "response.custom_tool_call_input",
            "response.code_interpreter_call_code");

    private final Map<String, StringBuilder> sums = new TreeMap<>();
    private final Map<Integer, Boolean> items = new TreeMap<>();
    private int number = -1;
    private boolean isNumbered;
    private boolean started;
    private String id = "";

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
            for (String whole : List.of("text", "refusal", "arguments", "input", "code")) {
                if (object.get(whole) instanceof String text) {
                    mustBe(place, text);
                }
            }
        }
    }

    private static String place(String type, int item, Map<?, ?> object) {
        int part = Plain.number(object, "content_index", Plain.number(object, "summary_index", -1));
        return type.substring(0, Math.max(0, type.lastIndexOf('.'))) + " " + item + " " + part;
    }

    private void mustBe(String place, String text) {
        StringBuilder sum = sums.get(place);
        wrongIf(sum != null && !sum.toString().equals(text), FaultCause.STREAM_DISORDERED);
    }

    // What an item has when it is whole.
    private void written(int item, Map<?, ?> whole) {
        List<?> parts = Plain.list(whole, "content");
        for (int i = 0; i < parts.size(); i++) {
            Map<?, ?> part = Plain.map(parts.get(i));
            mustBe("response.output_text " + item + " " + i, Plain.text(part, "text"));
        }
        List<?> summary = Plain.list(whole, "summary");
        for (int i = 0; i < summary.size(); i++) {
            mustBe("response.reasoning_summary_text " + item + " " + i, Plain.text(Plain.map(summary.get(i)), "text"));
        }
        for (String call : CALLS) {
            String member = call.substring(call.lastIndexOf('_') + 1);
            if (whole.get(member) instanceof String text) {
                mustBe(call + " " + item + " -1", text);
            }
        }
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
