package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.Map;

/** Ollama's own format: lines until one says that it is done; a plain answer is one of them. */
final class OllamaReading extends Reading {
    @Override
    void event(Event event) {
        if (isOver()) {
            return;
        }
        Map<?, ?> object = event.object();
        Map<?, ?> message = Plain.map(object, "message");
        boolean hasContent = object.containsKey("message") || object.containsKey("response");
        wrongIf(!object.containsKey("done") && !hasContent, FaultCause.WRONG_SHAPE);
        content("text", Plain.text(message, "content") + Plain.text(object, "response"));
        content("thinking", Plain.text(message, "thinking") + Plain.text(object, "thinking"));
        for (Object call : Plain.list(message, "tool_calls")) {
            content("call", call);
            boolean isObject = Plain.map(Plain.map(call), "function").get("arguments") instanceof Map;
            wrongIf(!isObject, FaultCause.BAD_TOOL_ARGUMENTS);
        }
        if (Boolean.TRUE.equals(object.get("done"))) {
            over();
            setContent("finish", object);
        }
    }

    @Override
    void end() {
        wrongIf(!isOver(), FaultCause.STREAM_UNTERMINATED);
    }
}
