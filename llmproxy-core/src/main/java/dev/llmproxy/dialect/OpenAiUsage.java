package dev.llmproxy.dialect;

import dev.llmproxy.wire.Paths;

/** The counters of OpenAI's formats, by their older names and by those of the responses. */
final class OpenAiUsage {
    private static final int INPUT = 100;
    private static final int OUTPUT = 101;
    private static final int TOTAL = 102;
    private static final int CACHED = 103;
    private static final int REASONING = 104;

    private final Usage usage;
    private boolean decreased;

    OpenAiUsage(Usage usage) {
        this.usage = usage;
    }

    /** Watches the counters of chats, completions and embeddings. */
    static Paths.Builder watchPrompt(Paths.Builder paths, String usage) {
        return paths.add(usage + ".prompt_tokens", INPUT)
                .add(usage + ".completion_tokens", OUTPUT)
                .add(usage + ".total_tokens", TOTAL)
                .add(usage + ".prompt_tokens_details.cached_tokens", CACHED)
                .add(usage + ".cached_tokens", CACHED) // Moonshot
                .add(usage + ".prompt_cache_hit_tokens", CACHED) // DeepSeek
                .add(usage + ".completion_tokens_details.reasoning_tokens", REASONING)
                .add(usage + ".reasoning_tokens", REASONING); // Perplexity
    }

    /** Watches the counters of responses. */
    static Paths.Builder watchInput(Paths.Builder paths, String usage) {
        return paths.add(usage + ".input_tokens", INPUT)
                .add(usage + ".output_tokens", OUTPUT)
                .add(usage + ".total_tokens", TOTAL)
                .add(usage + ".input_tokens_details.cached_tokens", CACHED)
                .add(usage + ".output_tokens_details.reasoning_tokens", REASONING);
    }

    /** Takes the number, if it is one of the counters. */
    void number(int field, long value) {
        switch (field) {
            case INPUT -> usage.input(value);
            case OUTPUT -> {
                decreased |= value < usage.output();
                usage.output(value);
            }
            case TOTAL -> usage.total(value);
            case CACHED -> usage.cached(value);
            case REASONING -> usage.reasoning(value);
            default -> {}
        }
    }

    void judge(AnswerGrammar grammar) {
        if (decreased) {
            grammar.found(Rule.USAGE_ZERO, "output tokens decrease to " + usage.output());
        }
        boolean isSplit = usage.input() != Usage.UNKNOWN && usage.output() != Usage.UNKNOWN;
        long sum = usage.input() + usage.output();
        // xAI does not count reasoning as output.
        if (isSplit && usage.total() != sum && usage.total() != sum + usage.reasoning()) {
            grammar.found(
                    Rule.USAGE_SUM,
                    usage.total() + " in total, " + usage.input() + " of input, " + usage.output() + " of output");
        }
    }
}
