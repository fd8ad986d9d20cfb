package dev.llmproxy.integrity;

/**
 * How large an answer and its parts may become.
 *
 * @param bodyBytes the decoded body
 * @param heldBytes what is kept back of it
 * @param eventBytes one event of a stream
 * @param lineBytes one line of a stream
 * @param compressionRatio how many times longer a compressed body may become
 */
record Caps(long bodyBytes, long heldBytes, int eventBytes, int lineBytes, int compressionRatio) {
    static final long LEAST = 1_024;
    private static final long BODY_BYTES = 64L << 20;
    private static final long EVENT_BYTES = 16L << 20;
    private static final int RATIO = 100;

    // A small heap could not hold what a large one can. An event is copied while it grows, so it may be half as long.
    private static final long HELD_PART_OF_HEAP = 8;
    private static final long EVENT_PART_OF_HEAP = 16;

    static Caps forHeap(long bytes) {
        long held = Math.min(BODY_BYTES, Math.max(LEAST, bytes / HELD_PART_OF_HEAP));
        int event = (int) Math.min(EVENT_BYTES, Math.max(LEAST, bytes / EVENT_PART_OF_HEAP));
        return new Caps(BODY_BYTES, held, event, event, RATIO);
    }

    Caps bodyBytes(long bytes) {
        require("maxBodyBytes", bytes, LEAST);
        return new Caps(bytes, bytes, eventBytes, lineBytes, compressionRatio);
    }

    Caps eventBytes(int bytes) {
        require("maxEventBytes", bytes, LEAST);
        return new Caps(bodyBytes, heldBytes, bytes, lineBytes, compressionRatio);
    }

    Caps lineBytes(int bytes) {
        require("maxLineBytes", bytes, LEAST);
        return new Caps(bodyBytes, heldBytes, eventBytes, bytes, compressionRatio);
    }

    Caps compressionRatio(int times) {
        require("maxCompressionRatio", times, 1);
        return new Caps(bodyBytes, heldBytes, eventBytes, lineBytes, times);
    }

    private static void require(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
        }
    }

    @Override
    public String toString() {
        return "body " + bodyBytes + ", kept back " + heldBytes + ", event " + eventBytes + ", line " + lineBytes
                + ", ratio " + compressionRatio;
    }
}
