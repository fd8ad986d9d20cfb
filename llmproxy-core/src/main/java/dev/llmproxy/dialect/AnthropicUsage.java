package dev.llmproxy.dialect;

import dev.llmproxy.wire.Paths;

/**
 * Anthropic's counters: those of tokens that were written to the cache or read from it are not part of the input, and
 * an event that leaves one out does not change it.
 */
final class AnthropicUsage {
    private static final int INPUT = 100;
    private static final int CACHE_WRITTEN = 101;
    private static final int CACHE_READ = 102;
    private static final int OUTPUT = 103;
    private static final int THINKING = 104;

    private final Usage usage;
    private long input = Usage.UNKNOWN;
    private long cacheWritten;
    private long cacheRead;

    AnthropicUsage(Usage usage) {
        this.usage = usage;
    }

    static Paths.Builder watch(Paths.Builder paths, String usage) {
        return paths.add(usage + ".input_tokens", INPUT)
                .add(usage + ".cache_creation_input_tokens", CACHE_WRITTEN)
                .add(usage + ".cache_read_input_tokens", CACHE_READ)
                .add(usage + ".output_tokens", OUTPUT)
                .add(usage + ".output_tokens_details.thinking_tokens", THINKING);
    }

    /** Takes the number, if it is one of the counters. */
    void number(int field, long value) {
        switch (field) {
            case INPUT -> input = value;
            case CACHE_WRITTEN -> cacheWritten = value;
            case CACHE_READ -> {
                cacheRead = value;
                usage.cached(value);
            }
            case OUTPUT -> usage.output(value);
            case THINKING -> usage.reasoning(value);
            default -> {}
        }
        if (input != Usage.UNKNOWN) {
            usage.input(input + cacheWritten + cacheRead);
        }
    }
}
