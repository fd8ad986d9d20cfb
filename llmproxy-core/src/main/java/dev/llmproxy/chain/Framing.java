package dev.llmproxy.chain;

/**
 * How the body of an answer says where it ends.
 *
 * @param declaredLength the number of bytes that were declared for the wire, or -1
 * @param chunked whether it comes in chunks
 */
public record Framing(long declaredLength, boolean chunked) {
    private static final Framing UNKNOWN = new Framing(-1, false);

    /**
     * Returns what is known where nothing was declared, or where the binding cannot see it.
     *
     * @return no length, no chunks
     */
    public static Framing unknown() {
        return UNKNOWN;
    }
}
