package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A stream of chats or completions of OpenAI and the servers compatible with it. */
final class ChoicesReading extends Reading {
    private final Set<Integer> choices = new HashSet<>();
    private final Set<Integer> finished = new HashSet<>();
    private final Map<String, StringBuilder> arguments = new LinkedHashMap<>();
    private final Map<String, String> callIds = new LinkedHashMap<>();
    private final Map<Integer, Integer> lastCall = new LinkedHashMap<>();
    private final Map<Integer, Integer> firstCall = new LinkedHashMap<>();
    private String id = "";
    private int chunksOfId;
    private String groqId = "";
    private String padding = "";

    @Override
    void event(Event event) {
        if (isOver()) {
            return;
        }
        if (event.isDone()) {
            over();
            return;
        }
        Map<?, ?> chunk = event.object();
        boolean roleSeen = false;
        for (Object choice : Plain.list(chunk, "choices")) {
            choice(Plain.map(choice));
            roleSeen |= Plain.map(Plain.map(choice), "delta").get("role") instanceof String;
        }
        if (chunk.get("usage") instanceof Map<?, ?> usage) {
            setContent("usage", usage);
        }
        identity(chunk, roleSeen);
    }

    private void identity(Map<?, ?> chunk, boolean roleSeen) {
        String newPadding = Plain.text(chunk, "obfuscation");
        wrongIf(newPadding.length() >= 8 && newPadding.equals(padding), FaultCause.STREAM_DISORDERED);
        padding = newPadding;
        String newGroqId = Plain.text(Plain.map(chunk, "x_groq"), "id");
        String newId = Plain.text(chunk, "id");
        if (newId.equals(id)) {
            chunksOfId += newId.isEmpty() ? 0 : 1;
        } else if (!newId.isEmpty()) {
            boolean isSameCall = !groqId.isEmpty() && (newGroqId.isEmpty() || newGroqId.equals(groqId));
            wrongIf(roleSeen && chunksOfId > 1 && !isSameCall, FaultCause.STREAM_SPLICED);
            chunksOfId = 1;
            id = newId;
        }
        groqId = newGroqId.isEmpty() ? groqId : newGroqId;
    }

    private void choice(Map<?, ?> choice) {
        int index = Plain.number(choice, "index", 0);
        choices.add(index);
        Map<?, ?> delta = Plain.map(choice, "delta");
        Object text = choice.get("text") instanceof String completed ? completed : delta.get("content");
        boolean isContent = text instanceof String words
                ? !words.isEmpty()
                : !Plain.list(text).isEmpty();
        if (text != null) {
            content("text " + index, text);
        }
        for (String place : new String[] {"reasoning_content", "reasoning", "refusal", "audio", "images"}) {
            if (delta.get(place) != null) {
                content(place + " " + index, delta.get(place));
            }
        }
        for (Object call : Plain.list(delta, "tool_calls")) {
            isContent |= call(index, Plain.map(call));
        }
        if (delta.get("function_call") instanceof Map<?, ?> function) {
            content("function " + index, function);
        }
        wrongIf(isContent && finished.contains(index), FaultCause.STREAM_DISORDERED);
        if (!Plain.text(choice, "finish_reason").isEmpty()) {
            finished.add(index);
            setContent("finish " + index, Plain.text(choice, "finish_reason"));
        }
    }

    /** Takes a piece of a call, and says whether there is anything in it. */
    private boolean call(int choice, Map<?, ?> call) {
        Map<?, ?> function = Plain.map(call, "function");
        String name = Plain.text(function, "name") + Plain.text(Plain.map(call, "custom"), "name");
        String callId = Plain.text(call, "id");
        int last = lastCall.getOrDefault(choice, -1);
        boolean isNumbered = call.get("index") instanceof Double;
        int index = isNumbered ? Plain.number(call, "index", 0) : last + (name.isEmpty() ? 0 : 1);
        String place = "call " + choice + " " + index;
        boolean isKnown = arguments.containsKey(place);
        wrongIf(!isKnown && name.isEmpty() && callId.isEmpty(), FaultCause.STREAM_DISORDERED);
        boolean begins0 = firstCall.getOrDefault(choice, index) == 0;
        wrongIf(!isKnown && last >= 0 && begins0 && index != last + 1, FaultCause.STREAM_DISORDERED);
        if (isKnown && !name.isEmpty() && isOtherId(place, callId)) {
            // Servers exist that number all calls 0; then each has to be whole before the next one.
            wrongIf(
                    !Plain.isObject(
                            arguments.getOrDefault(place, new StringBuilder()).toString()),
                    FaultCause.STREAM_DISORDERED);
            arguments.put(place + " and before " + arguments.size(), arguments.remove(place));
        }
        if (!callId.isEmpty()) {
            callIds.putIfAbsent(place, callId);
        }
        arguments.computeIfAbsent(place, key -> new StringBuilder()).append(Plain.text(function, "arguments"));
        content(place, name + Plain.text(function, "arguments"));
        firstCall.putIfAbsent(choice, index);
        lastCall.put(choice, Math.max(last, index));
        return !(name + Plain.text(function, "arguments")).isEmpty();
    }

    private boolean isOtherId(String place, String callId) {
        return !callId.isEmpty() && callIds.containsKey(place) && !callId.equals(callIds.get(place));
    }

    @Override
    void end() {
        if (!isOver()) {
            wrong(FaultCause.STREAM_UNTERMINATED);
            return;
        }
        wrongIf(choices.isEmpty(), FaultCause.WRONG_SHAPE);
        for (StringBuilder text : arguments.values()) {
            wrongIf(!text.isEmpty() && !Plain.isObject(text.toString()), FaultCause.BAD_TOOL_ARGUMENTS);
        }
    }
}
