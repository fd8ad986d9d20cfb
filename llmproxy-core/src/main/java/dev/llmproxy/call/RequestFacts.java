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
        Embedding embedding) {
    private static final RequestFacts NONE = new RequestFacts(
            Optional.empty(), false, OptionalLong.empty(), OptionalDouble.empty(), List.of(), Embedding.none());

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

    /**
     * What a request for embeddings asks for, in numbers; each is -1 where the request does not say.
     *
     * @param inputs how many vectors are asked for, one for each input
     * @param dimensions how many numbers each of them is to have
     * @param base64Bytes how many bytes each of them is to have if it is written as base64
     */
    public record Embedding(long inputs, long dimensions, long base64Bytes) {
        /** What a request does not say. */
        public static final long UNKNOWN = -1;

        private static final Embedding NONE = new Embedding(UNKNOWN, UNKNOWN, UNKNOWN);

        /**
         * Returns the facts of a request that says nothing of vectors, as those of all other kinds do.
         *
         * @return facts with nothing in them
         */
        public static Embedding none() {
            return NONE;
        }
    }
}
