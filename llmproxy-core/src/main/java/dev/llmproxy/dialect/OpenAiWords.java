package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;

/** Words that OpenAI's formats share, with those of the servers compatible with them. */
final class OpenAiWords {
    private OpenAiWords() {}

    static Finish finish(WireText reason) {
        return switch (reason.toString()) {
            case "stop", "eos" -> Finish.STOP;
            case "length", "model_length", "max_tokens", "max_output_tokens" -> Finish.LENGTH;
            case "tool_calls", "function_call" -> Finish.TOOL_CALLS;
            case "content_filter", "sensitive" -> Finish.FILTERED;
            case "refusal" -> Finish.REFUSAL;
            case "error", "network_error", "insufficient_system_resource" -> Finish.ERROR;
            // DashScope's word in its own format, which relays hand through; Jina's for the end of its thinking
            case "", "null", "thinking_end" -> Finish.NONE;
            default -> Finish.OTHER;
        };
    }

    /** Tells of tool calls under a finish that does not speak of them, as a named choice of a tool has it. */
    static void judgeStop(AnswerGrammar grammar) {
        AnswerFacts facts = grammar.facts();
        if (facts.finish() == Finish.STOP && facts.toolCalls() > 0) {
            grammar.found(Rule.ANSWER_FINISH_CONFLICT, facts.toolCalls() + " tool calls with a finish for text");
        }
    }
}
