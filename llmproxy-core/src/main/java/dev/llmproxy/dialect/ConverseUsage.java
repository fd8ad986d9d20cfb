package dev.llmproxy.dialect;

import dev.llmproxy.wire.Paths;

/** Converse's counters: tokens of the cache are not part of the input. */
final class ConverseUsage {
    private static final int INPUT = 100;
    private static final int OUTPUT = 101;
    private static final int CACHE_READ = 102;
    private static final int CACHE_WRITTEN = 103;

    private final Usage usage;
    private long input = Usage.UNKNOWN;
    private long cacheRead;
    private long cacheWritten;

    ConverseUsage(Usage usage) {
        this.usage = usage;
    }

    static Paths.Builder watch(Paths.Builder paths, String usage) {
        return paths.add(usage + ".inputTokens", INPUT)
                .add(usage + ".outputTokens", OUTPUT)
                .add(usage + ".cacheReadInputTokens", CACHE_READ)
                .add(usage + ".cacheWriteInputTokens", CACHE_WRITTEN);
    }

    /** Takes the number, if it is one of the counters. */
    void number(int field, long value) {
        switch (field) {
            case INPUT -> input = value;
            case OUTPUT -> usage.output(value);
            case CACHE_READ -> {
                cacheRead = value;
                usage.cached(value);
            }
            case CACHE_WRITTEN -> cacheWritten = value;
            default -> {}
        }
        if (input != Usage.UNKNOWN) {
            usage.input(input + cacheRead + cacheWritten);
        }
    }
}
