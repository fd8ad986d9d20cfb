package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.Map;

/** Anthropic's stream: blocks with numbers from 0, one open at a time. */
final class AnthropicReading extends Reading {
    private boolean started;
    private boolean deltaSeen;
    private boolean open;
    private int blocks;
    private String id = "";
    private String blockType = "";
    private final StringBuilder arguments = new StringBuilder();

    @Override
    void event(Event event) {
        Map<?, ?> object = event.object();
        String type = Plain.text(object, "type");
        if (isOver() || type.equals("ping")) {
            return;
        }
        // Clients go by the type of the object, not by the name of its frame.
        boolean isKnown = event.name().startsWith("message_") || event.name().startsWith("content_block_");
        wrongIf(isKnown && type.isEmpty(), FaultCause.WRONG_SHAPE);
        switch (type) {
            case "message_start" -> start(Plain.map(object, "message"));
            case "content_block_start", "content_block_delta", "content_block_stop" -> {
                disorderedIf(!started);
                block(type, Plain.number(object, "index", -1), object);
            }
            case "message_delta" -> {
                // A classifier may cut the message inside of a block: its readers are to drop what came before.
                boolean isCut =
                        Plain.text(Plain.map(object, "delta"), "stop_reason").equals("refusal");
                disorderedIf(!started || (open && !isCut));
                open = false;
                deltaSeen = true;
                setContent("finish", Plain.map(object, "delta"));
                setContent("usage", Plain.map(object, "usage"));
            }
            case "message_stop" -> {
                disorderedIf(!deltaSeen);
                over();
            }
            default -> {}
        }
    }

    private void disorderedIf(boolean isSo) {
        wrongIf(isSo, FaultCause.STREAM_DISORDERED);
    }

    private void start(Map<?, ?> message) {
        wrongIf(started && !id.equals(Plain.text(message, "id")), FaultCause.STREAM_SPLICED);
        started = true;
        id = Plain.text(message, "id");
        setContent("start", message);
    }

    private void block(String type, int index, Map<?, ?> object) {
        if (type.equals("content_block_start")) {
            String newType = Plain.text(Plain.map(object, "content_block"), "type");
            // Anthropic has begun texts behind results with the number of the result.
            boolean mayRepeat = blockType.endsWith("tool_result") && newType.equals("text") && index == blocks - 1;
            disorderedIf(open || deltaSeen || (index != blocks && !mayRepeat));
            blocks = Math.max(index, blocks) + 1;
            open = true;
            blockType = newType;
            arguments.setLength(0);
            content("block " + index, Plain.map(object, "content_block"));
        } else if (!open || index != blocks - 1) {
            disorderedIf(true);
        } else if (type.equals("content_block_stop")) {
            open = false;
            boolean isCall = blockType.endsWith("tool_use") && !arguments.isEmpty();
            wrongIf(isCall && !Plain.isObject(arguments.toString()), FaultCause.BAD_TOOL_ARGUMENTS);
        } else {
            delta(Plain.map(object, "delta"), index);
        }
    }

    private void delta(Map<?, ?> delta, int index) {
        String type = Plain.text(delta, "type");
        boolean isForeign = switch (blockType) {
            case "text" -> !type.equals("text_delta") && !type.equals("citations_delta");
            case "thinking" -> !type.equals("thinking_delta") && !type.equals("signature_delta");
            default -> blockType.endsWith("tool_use") && !type.equals("input_json_delta");
        };
        disorderedIf(isForeign && type.matches("(text|citations|thinking|signature|input_json)_delta"));
        for (String piece : new String[] {"text", "thinking", "signature", "partial_json"}) {
            content(type + " " + index, Plain.text(delta, piece));
        }
        content(type + " " + index, Plain.map(delta, "citation"));
        arguments.append(Plain.text(delta, "partial_json"));
    }

    @Override
    void end() {
        wrongIf(!isOver(), FaultCause.STREAM_UNTERMINATED);
    }
}
