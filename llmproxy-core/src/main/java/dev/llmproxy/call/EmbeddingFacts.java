package dev.llmproxy.call;

/**
 * What a request for embeddings asks for, in numbers; each is -1 where the request does not say.
 *
 * @param inputs how many vectors are asked for, one for each input
 * @param dimensions how many numbers each of them is to have
 * @param base64Bytes how many bytes each of them is to have if it is written as base64
 */
public record EmbeddingFacts(long inputs, long dimensions, long base64Bytes) {
    /** What a request does not say. */
    public static final long UNKNOWN = -1;

    private static final EmbeddingFacts NONE = new EmbeddingFacts(UNKNOWN, UNKNOWN, UNKNOWN);

    /**
     * Returns the facts of a request that says nothing of vectors, as those of all other kinds do.
     *
     * @return facts with nothing in them
     */
    public static EmbeddingFacts none() {
        return NONE;
    }
}
