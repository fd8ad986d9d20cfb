package dev.llmproxy.dialect;

import dev.llmproxy.wire.Paths;

/** Gemini's counters: thoughts are not part of the candidates' tokens, prompts of tools not of the prompt's. */
final class GeminiUsage {
    private static final int PROMPT = 100;
    private static final int CANDIDATES = 101;
    private static final int THOUGHTS = 102;
    private static final int TOOL_PROMPTS = 103;
    private static final int CACHED = 104;
    private static final int TOTAL = 105;

    private final Usage usage;
    private long prompt = Usage.UNKNOWN;
    private long candidates = Usage.UNKNOWN;
    private long thoughts;
    private long toolPrompts;

    GeminiUsage(Usage usage) {
        this.usage = usage;
    }

    static Paths.Builder watch(Paths.Builder paths) {
        return paths.add("usageMetadata.promptTokenCount", PROMPT)
                .add("usageMetadata.candidatesTokenCount", CANDIDATES)
                .add("usageMetadata.thoughtsTokenCount", THOUGHTS)
                .add("usageMetadata.toolUsePromptTokenCount", TOOL_PROMPTS)
                .add("usageMetadata.cachedContentTokenCount", CACHED)
                .add("usageMetadata.totalTokenCount", TOTAL);
    }

    /** Takes the number, if it is one of the counters. */
    void number(int field, long value) {
        switch (field) {
            case PROMPT -> prompt = value;
            case CANDIDATES -> candidates = value;
            case THOUGHTS -> {
                thoughts = value;
                usage.reasoning(value);
            }
            case TOOL_PROMPTS -> toolPrompts = value;
            case CACHED -> usage.cached(value);
            case TOTAL -> usage.total(value);
            default -> {}
        }
        if (prompt != Usage.UNKNOWN) {
            usage.input(prompt + toolPrompts);
        }
        if (candidates != Usage.UNKNOWN || thoughts > 0) {
            usage.output(Math.max(candidates, 0) + thoughts);
        }
    }

    /** Says whether the total is the sum of its parts, or not known. */
    boolean addsUp() {
        return usage.input() == Usage.UNKNOWN
                || usage.output() == Usage.UNKNOWN
                || usage.total() == usage.input() + usage.output();
    }
}
