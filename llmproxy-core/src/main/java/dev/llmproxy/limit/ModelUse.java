package dev.llmproxy.limit;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.RequestFacts;
import java.util.OptionalLong;

/**
 * What calls to one model need: tokens for the length of a request, tokens of an answer, and the time to its first token.
 * The estimates are plain fields, on purpose: a lost update costs nothing, and an ordered one costs each call.
 */
final class ModelUse {
    private static final double BYTES_PER_TOKEN = 4;
    private static final double FEWEST_BYTES = 0.5;
    private static final double MOST_BYTES = 10_000;
    private static final double SMOOTHING = 0.1;
    private static final double SAFETY = 1.1;
    private static final double FIRST_ANSWER = 500;
    private static final double STEP = 0.1;
    // A running 90th percentile: nine steps up weigh as much as one down.
    private static final double UP = 0.9;
    private static final double DOWN = 0.1;

    private final String model;
    private final Pace streamed = new Pace();
    private final Pace plain = new Pace();
    private double bytesPerToken = BYTES_PER_TOKEN;
    private double answerTokens = FIRST_ANSWER;

    ModelUse(String model) {
        this.model = model;
    }

    String model() {
        return model;
    }

    Pace pace(boolean streaming) {
        return streaming ? streamed : plain;
    }

    /** Returns how many tokens are set aside for a call. */
    long needed(LlmRequest request, RequestFacts facts) {
        long answer = (long) Math.ceil(answerTokens);
        OptionalLong most = facts.maxTokens();
        if (most.isPresent()) {
            answer = Math.min(answer, Math.max(0, most.getAsLong()));
        }
        return (long) Math.ceil(SAFETY * bytes(request) / bytesPerToken) + answer;
    }

    private static long bytes(LlmRequest request) {
        LlmBody body = request.body().orElse(null);
        return body == null ? 0 : Math.max(0, body.length());
    }

    /** Learns what a call needed for which so much was set aside. */
    void learn(long bytes, long input, long output) {
        if (input > 0 && bytes > 0) {
            double each = Math.max(FEWEST_BYTES, Math.min(MOST_BYTES, (double) bytes / input));
            double known = bytesPerToken;
            bytesPerToken = known + SMOOTHING * (each - known);
        }
        if (output >= 0) {
            double known = answerTokens;
            answerTokens = Math.max(1, known * (1 + (output > known ? UP : -DOWN) * STEP));
        }
    }

    @Override
    public String toString() {
        return answerTokens + " tokens an answer";
    }
}
