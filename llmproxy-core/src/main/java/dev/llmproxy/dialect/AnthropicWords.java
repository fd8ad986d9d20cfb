package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;

/** Words of Anthropic's format that its streams and its plain answers share. */
final class AnthropicWords {
    private static final Word TEXT_DELTA = new Word("text_delta");
    private static final Word CITATIONS_DELTA = new Word("citations_delta");
    private static final Word INPUT_DELTA = new Word("input_json_delta");
    private static final Word THINKING_DELTA = new Word("thinking_delta");
    private static final Word SIGNATURE_DELTA = new Word("signature_delta");
    private static final Word TEXT = new Word("text");
    private static final Word THINKING = new Word("thinking");

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

    /** Says whether an answer has ended for the application to have it go on: it may have come to no text yet. */
    static boolean goesOn(AnswerFacts facts) {
        String reason = facts.finishReason().orElse("");
        return reason.equals("pause_turn") || reason.equals("compaction");
    }

    /** Says whether a block holds arguments of a tool. */
    static boolean isToolUse(WireText blockType) {
        return blockType.endsWith("tool_use");
    }

    /** Says whether a block holds what a tool of the provider's own has found. */
    static boolean isToolResult(WireText blockType) {
        return blockType.endsWith("tool_result");
    }

    static boolean isText(WireText blockType) {
        return blockType.is(TEXT);
    }

    /** Says whether a piece of the input of a tool has anything in it: an object with a member. */
    static boolean isSaid(byte[] json, int from, int to) {
        for (int i = from; i < to; i++) {
            if (json[i] == '"') {
                return true;
            }
        }
        return false;
    }

    /** Says whether a piece of this type signs what was said. */
    static boolean isSignature(WireText deltaType) {
        return deltaType.is(SIGNATURE_DELTA);
    }

    /** Says whether a piece of this type cannot be of a block of that type; what is not known may be anything. */
    static boolean isForeign(WireText deltaType, WireText blockType) {
        if (deltaType.is(TEXT_DELTA) || deltaType.is(CITATIONS_DELTA)) {
            return isKnown(blockType) && !blockType.is(TEXT);
        }
        if (deltaType.is(INPUT_DELTA)) {
            return isKnown(blockType) && !isToolUse(blockType);
        }
        return (deltaType.is(THINKING_DELTA) || deltaType.is(SIGNATURE_DELTA))
                && isKnown(blockType)
                && !blockType.is(THINKING);
    }

    private static boolean isKnown(WireText blockType) {
        return blockType.is(TEXT) || blockType.is(THINKING) || isToolUse(blockType);
    }
}
