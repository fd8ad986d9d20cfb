package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;

/** Gemini's finish reasons, by name or, where enums were asked for as numbers, by number. */
final class GeminiWords {
    private GeminiWords() {}

    static Finish finish(WireText reason) {
        return switch (reason.toString()) {
            case "STOP", "1" -> Finish.STOP;
            case "MAX_TOKENS", "2" -> Finish.LENGTH;
            case "SAFETY",
                    "3",
                    "RECITATION",
                    "4",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION",
                    "MODEL_ARMOR" -> Finish.FILTERED;
            case "MALFORMED_FUNCTION_CALL",
                    "UNEXPECTED_TOOL_CALL",
                    "TOO_MANY_TOOL_CALLS",
                    "MISSING_THOUGHT_SIGNATURE",
                    "MALFORMED_RESPONSE",
                    "NO_IMAGE" -> Finish.ERROR;
            default -> Finish.OTHER;
        };
    }
}
