package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.List;
import java.util.Map;

/** Bedrock's Converse stream, and Nova's own, which has the names of the events within them. */
final class ConverseReading extends Reading {
    private static final List<String> NAMES = List.of(
            "messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata");

    private final StringBuilder arguments = new StringBuilder();
    private boolean started;
    private boolean open;
    private boolean inTool;
    private boolean metadataSeen;
    private int blocks;

    @Override
    void event(Event event) {
        String name = event.name();
        Map<?, ?> object = event.object();
        for (String within : NAMES) {
            if (object.get(within) instanceof Map<?, ?> inner) {
                name = within;
                object = inner;
            }
        }
        if (name.equals("metadata")) {
            metadataSeen = true;
            setContent("usage", Plain.map(object, "usage"));
        } else if (name.equals("messageStart")) {
            wrongIf(started, FaultCause.STREAM_SPLICED);
            started = true;
        } else if (!isOver() && NAMES.contains(name)) {
            disorderedIf(!started);
            step(name, Plain.number(object, "contentBlockIndex", -1), object);
        }
    }

    private void disorderedIf(boolean isSo) {
        wrongIf(isSo, FaultCause.STREAM_DISORDERED);
    }

    private void step(String name, int index, Map<?, ?> object) {
        switch (name) {
            case "contentBlockStart" -> {
                begin(index);
                inTool = !Plain.map(object, "start", "toolUse").isEmpty();
                content("block " + index, Plain.map(object, "start"));
            }
            case "contentBlockDelta" -> delta(index, Plain.map(object, "delta"));
            case "contentBlockStop" -> {
                if (!open) {
                    begin(index); // Without a piece.
                }
                disorderedIf(index != blocks - 1);
                boolean isCall = inTool && !arguments.isEmpty();
                wrongIf(isCall && !Plain.isObject(arguments.toString()), FaultCause.BAD_TOOL_ARGUMENTS);
                open = false;
            }
            default -> {
                disorderedIf(open);
                setContent("finish", Plain.text(object, "stopReason"));
                over();
            }
        }
    }

    private void begin(int index) {
        disorderedIf(open || index != blocks);
        blocks = Math.max(index, blocks) + 1;
        open = true;
        inTool = false;
        arguments.setLength(0);
    }

    private void delta(int index, Map<?, ?> delta) {
        if (!open) {
            begin(index);
        }
        String input = Plain.text(Plain.map(delta, "toolUse"), "input");
        disorderedIf(index != blocks - 1 || (delta.containsKey("toolUse") && !inTool));
        arguments.append(input);
        Map<?, ?> reasoning = Plain.map(delta, "reasoningContent");
        content("block " + index, Plain.text(delta, "text") + Plain.text(reasoning, "text") + input);
        content("signature " + index, Plain.text(reasoning, "signature"));
    }

    @Override
    void end() {
        wrongIf(!isOver() || !metadataSeen, FaultCause.STREAM_UNTERMINATED);
    }
}
