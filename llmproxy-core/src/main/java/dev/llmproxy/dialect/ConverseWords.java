package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;

/** Why Converse's answers end. */
final class ConverseWords {
    private ConverseWords() {}

    /** Says whether a tool of this type is one that the provider works with by itself, such as its search. */
    static boolean isOfProvider(WireText toolType) {
        return toolType.is("server_tool_use");
    }

    static Finish finish(WireText stopReason) {
        return switch (stopReason.toString()) {
            case "end_turn", "stop_sequence" -> Finish.STOP;
            case "tool_use" -> Finish.TOOL_CALLS;
            case "max_tokens", "model_context_window_exceeded" -> Finish.LENGTH;
            case "guardrail_intervened", "content_filtered" -> Finish.FILTERED;
            case "refusal" -> Finish.REFUSAL;
            case "malformed_model_output", "malformed_tool_use" -> Finish.ERROR;
            case "" -> Finish.NONE;
            default -> Finish.OTHER;
        };
    }
}
