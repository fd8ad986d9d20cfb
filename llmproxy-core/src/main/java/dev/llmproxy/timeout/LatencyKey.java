package dev.llmproxy.timeout;

import org.jspecify.annotations.Nullable;

/**
 * Which answers are alike. Where one has seen too little it is judged by its parent: the model whatever the size of the
 * answer, then the place whatever the model.
 *
 * @param place the name of the deployment, or the origin
 * @param model the model, null for any
 * @param streaming whether a stream is asked for
 * @param tokens the logarithm of the limit on the answer's tokens, rounded up; 0 for none or any
 */
record LatencyKey(Object place, @Nullable String model, boolean streaming, int tokens) {
    static LatencyKey of(Object place, @Nullable String model, boolean streaming, long maxTokens) {
        int tokens = maxTokens <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(maxTokens - 1);
        return new LatencyKey(place, model, streaming, tokens);
    }

    @Nullable
    LatencyKey parent() {
        if (tokens != 0) {
            return new LatencyKey(place, model, streaming, 0);
        }
        return model == null ? null : new LatencyKey(place, null, streaming, 0);
    }

    /** Returns the most tokens that such an answer may have. */
    long maxTokens() {
        return tokens == 0 ? Long.MAX_VALUE : 1L << Math.min(tokens, Long.SIZE - 2);
    }
}
