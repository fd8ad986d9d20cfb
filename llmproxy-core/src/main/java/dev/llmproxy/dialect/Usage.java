package dev.llmproxy.dialect;

/** The tokens that an answer states. Counters that come again overwrite what they were: all providers send running sums. */
final class Usage {
    static final long UNKNOWN = -1;

    private long input = UNKNOWN;
    private long output = UNKNOWN;
    private long total = UNKNOWN;
    private long cached = UNKNOWN;
    private long reasoning = UNKNOWN;

    void input(long tokens) {
        input = tokens;
    }

    void output(long tokens) {
        output = tokens;
    }

    void total(long tokens) {
        total = tokens;
    }

    void cached(long tokens) {
        cached = tokens;
    }

    void reasoning(long tokens) {
        reasoning = tokens;
    }

    long input() {
        return input;
    }

    long output() {
        return output;
    }

    /** Returns the total that was stated, or the sum of its parts. */
    long total() {
        return total == UNKNOWN && input != UNKNOWN && output != UNKNOWN ? input + output : total;
    }

    long cached() {
        return cached;
    }

    long reasoning() {
        return reasoning;
    }
}
