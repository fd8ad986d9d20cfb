package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.Map;

/** Cohere's stream, version 2: numbered contents and calls, and citations in between. */
final class CohereReading extends Reading {
    private final StringBuilder arguments = new StringBuilder();
    private boolean started;
    private String id = "";
    private int contents;
    private int calls;
    private boolean contentOpen;
    private boolean callOpen;

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
        String type = Plain.text(object, "type");
        int index = Plain.number(object, "index", -1);
        Map<?, ?> message = Plain.map(object, "delta", "message");
        if (type.equals("message-start")) {
            wrongIf(started && !id.equals(Plain.text(object, "id")), FaultCause.STREAM_SPLICED);
            id = Plain.text(object, "id");
            started = true;
            return;
        }
        disorderedIf(!started && type.matches("(content|tool-call|tool-plan|message)-(start|delta|end)"));
        switch (type) {
            case "content-start" -> {
                disorderedIf(contentOpen || index != contents);
                contents = Math.max(contents, index) + 1;
                contentOpen = true;
                content("content " + index, Plain.map(message, "content"));
            }
            case "content-delta" -> {
                disorderedIf(!contentOpen || index != contents - 1);
                Map<?, ?> piece = Plain.map(message, "content");
                content("content " + index, Plain.text(piece, "text") + Plain.text(piece, "thinking"));
            }
            case "content-end" -> {
                disorderedIf(!contentOpen || index != contents - 1);
                contentOpen = false;
            }
            case "tool-plan-delta" -> content("plan", Plain.text(message, "tool_plan"));
            case "tool-call-start", "tool-call-delta", "tool-call-end" ->
                call(type, index, Plain.map(message, "tool_calls"));
            case "citation-start" -> content("citations", message);
            case "message-end" -> {
                disorderedIf(contentOpen || callOpen);
                setContent("finish", Plain.map(object, "delta"));
                over();
            }
            default -> {}
        }
    }

    private void disorderedIf(boolean isSo) {
        wrongIf(isSo, FaultCause.STREAM_DISORDERED);
    }

    private void call(String type, int index, Map<?, ?> call) {
        String piece = Plain.text(Plain.map(call, "function"), "arguments");
        if (type.equals("tool-call-start")) {
            disorderedIf(callOpen || index != calls);
            calls = Math.max(calls, index) + 1;
            callOpen = true;
            arguments.setLength(0);
            content("call " + index, Plain.text(call, "id") + Plain.text(Plain.map(call, "function"), "name"));
        } else {
            disorderedIf(!callOpen || index != calls - 1);
        }
        arguments.append(piece);
        content("call " + index, piece);
        if (type.equals("tool-call-end")) {
            callOpen = false;
            wrongIf(!arguments.isEmpty() && !Plain.isObject(arguments.toString()), FaultCause.BAD_TOOL_ARGUMENTS);
        }
    }

    @Override
    void end() {
        wrongIf(!isOver(), FaultCause.STREAM_UNTERMINATED);
    }
}
