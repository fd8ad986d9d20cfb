package dev.llmproxy.call;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the body of a request says about the call, without any of the prompt.
 *
 * @param model the model that is asked for
 * @param streaming whether the answer is to be a stream
 * @param maxTokens the limit on the answer's tokens
 * @param temperature the sampling temperature
 * @param tools the names of the tools that the model may call, in their order
 * @param embedding the vectors that are asked for, of a request for embeddings
 */
public record RequestFacts(
        Optional<String> model,
        boolean streaming,
        OptionalLong maxTokens,
        OptionalDouble temperature,
        List<String> tools,
        EmbeddingFacts embedding) {
    private static final RequestFacts NONE = new RequestFacts(
            Optional.empty(), false, OptionalLong.empty(), OptionalDouble.empty(), List.of(), EmbeddingFacts.none());

    /**
     * Copies the tools.
     *
     * @param model the model that is asked for
     * @param streaming whether the answer is to be a stream
     * @param maxTokens the limit on the answer's tokens
     * @param temperature the sampling temperature
     * @param tools the names of the tools
     * @param embedding the vectors that are asked for
     */
    public RequestFacts {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(maxTokens, "maxTokens");
        Objects.requireNonNull(temperature, "temperature");
        tools = List.copyOf(tools);
        Objects.requireNonNull(embedding, "embedding");
    }

    /**
     * Returns the facts of a request that says nothing: one of no dialect, or one that cannot be read.
     *
     * @return facts with nothing in them
     */
    public static RequestFacts none() {
        return NONE;
    }
}
