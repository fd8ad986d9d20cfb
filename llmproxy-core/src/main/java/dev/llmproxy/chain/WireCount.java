package dev.llmproxy.chain;

/**
 * Counts the body of an answer as it comes over the wire, before it is decompressed. Written by a binding that sees the
 * wire, on the thread that reads; where there is none, nothing is known.
 */
public final class WireCount {
    private long length = -1;
    private long bytes;
    private boolean encoded;
    private boolean failed;
    private boolean ended;

    WireCount() {}

    /**
     * Begins a body.
     *
     * @param declared its declared length, or -1
     * @param hasEncoding whether it has a content encoding
     */
    public void begin(long declared, boolean hasEncoding) {
        length = declared;
        bytes = 0;
        encoded = hasEncoding;
        failed = false;
        ended = false;
    }

    /**
     * Notes that bytes have arrived.
     *
     * @param count how many more
     */
    public void received(long count) {
        bytes += count;
    }

    /** Notes that the body has come to its end. */
    public void ended() {
        ended = true;
    }

    /** Notes that the wire itself failed, and not what decodes the body. */
    public void failed() {
        failed = true;
    }

    /**
     * Returns the declared length of the body.
     *
     * @return the number of bytes, or -1 where none was declared or nobody counts
     */
    public long length() {
        return length;
    }

    /**
     * Returns how much of the body has arrived.
     *
     * @return the number of bytes, 0 where nobody counts them
     */
    public long bytes() {
        return bytes;
    }

    /**
     * Says whether the body has come to its end.
     *
     * @return whether it was read to there; false where nobody counts, and where somebody put another body in its place
     */
    public boolean isEnded() {
        return ended;
    }

    /**
     * Says whether what arrives has to be decoded.
     *
     * @return whether it has a content encoding
     */
    public boolean isEncoded() {
        return encoded;
    }

    /**
     * Says whether a failure in the body came from decoding it.
     *
     * @return whether it has a content encoding and the wire has not failed
     */
    public boolean didDecodingFail() {
        return encoded && !failed;
    }

    /** Returns how much of what has arrived. */
    @Override
    public String toString() {
        return bytes + " bytes of " + (length < 0 ? "an unknown number" : length) + (failed ? ", failed" : "");
    }
}
