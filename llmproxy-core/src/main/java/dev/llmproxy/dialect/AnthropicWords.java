package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;

/** Words of Anthropic's format that its streams and its plain answers share. */
final class AnthropicWords {
    private AnthropicWords() {}

    static Finish finish(WireText stopReason) {
        return switch (stopReason.toString()) {
            case "end_turn", "stop_sequence", "pause_turn", "compaction" -> Finish.STOP;
            case "max_tokens", "model_context_window_exceeded" -> Finish.LENGTH;
            case "tool_use" -> Finish.TOOL_CALLS;
            case "refusal" -> Finish.REFUSAL;
            case "" -> Finish.NONE;
            default -> Finish.OTHER;
        };
    }

    /** Says whether a block holds arguments of a tool. */
    static boolean isToolUse(WireText blockType) {
        return blockType.endsWith("tool_use");
    }

    /** Says whether a piece of this type cannot be of a block of that type; what is not known may be anything. */
    static boolean isForeign(WireText deltaType, WireText blockType) {
        if (deltaType.is("text_delta") || deltaType.is("citations_delta")) {
            return isKnown(blockType) && !blockType.is("text");
        }
        if (deltaType.is("input_json_delta")) {
            return isKnown(blockType) && !isToolUse(blockType);
        }
        return (deltaType.is("thinking_delta") || deltaType.is("signature_delta"))
                && isKnown(blockType)
                && !blockType.is("thinking");
    }

    private static boolean isKnown(WireText blockType) {
        return blockType.is("text") || blockType.is("thinking") || isToolUse(blockType);
    }
}
