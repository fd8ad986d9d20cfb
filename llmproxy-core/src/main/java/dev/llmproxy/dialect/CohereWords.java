package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;

/** What all of Cohere's formats share. */
final class CohereWords {
    private static final int INPUT = 100;
    private static final int OUTPUT = 101;
    private static final int CACHED = 102;

    private CohereWords() {}

    static Finish finish(WireText reason) {
        return switch (reason.toString()) {
            case "COMPLETE", "STOP_SEQUENCE" -> Finish.STOP;
            case "MAX_TOKENS", "ERROR_LIMIT" -> Finish.LENGTH;
            case "TOOL_CALL" -> Finish.TOOL_CALLS;
            case "ERROR_TOXIC" -> Finish.FILTERED;
            case "ERROR", "TIMEOUT", "USER_CANCEL" -> Finish.ERROR;
            case "" -> Finish.NONE;
            default -> Finish.OTHER;
        };
    }

    static Paths.Builder watchUsage(Paths.Builder paths, String usage) {
        return paths.add(usage + ".tokens.input_tokens", INPUT)
                .add(usage + ".tokens.output_tokens", OUTPUT)
                .add(usage + ".cached_tokens", CACHED);
    }

    static void number(Usage usage, int field, long value) {
        switch (field) {
            case INPUT -> usage.input(value);
            case OUTPUT -> usage.output(value);
            case CACHED -> usage.cached(value);
            default -> {}
        }
    }
}
