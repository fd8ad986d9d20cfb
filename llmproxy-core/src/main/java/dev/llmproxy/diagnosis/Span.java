package dev.llmproxy.diagnosis;

/**
 * A piece of time.
 *
 * @param from its beginning, in nanoseconds of the ticker
 * @param to its end, not before the beginning
 */
record Span(long from, long to) {
    long nanos() {
        return to - from;
    }

    /** Returns what of this lies within another; of no length, or of a negative one, where nothing does. */
    Span within(Span window) {
        return new Span(Math.max(from, window.from), Math.min(to, window.to));
    }
}
