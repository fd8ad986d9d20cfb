package dev.llmproxy.wire;

/**
 * JSON lines: each line is an event without a name. Lines end by LF or CR LF, and the last one by the end of the stream.
 * Blank lines are comments. Whether a line is JSON is not looked at.
 */
public final class NdjsonFrames extends LineFrames {
    private static final byte[] NO_NAME = {};

    /**
     * Creates frames with the default cap.
     *
     * @param sink what takes the lines
     */
    public NdjsonFrames(FrameSink sink) {
        this(sink, MAX_EVENT_BYTES);
    }

    /**
     * Creates frames.
     *
     * @param sink what takes the lines
     * @param maxEventBytes the longest line, which is an event here
     */
    public NdjsonFrames(FrameSink sink, int maxEventBytes) {
        super(sink, checkedCap("maxEventBytes", maxEventBytes), FrameError.EVENT_TOO_LONG);
    }

    // A CR within a line is white space between tokens, not its end.
    @Override
    int lineEnd(byte[] data, int from, int to) {
        int i = LineEnd.find(data, from, to);
        while (i < to && data[i] == '\r') {
            i = LineEnd.find(data, i + 1, to);
        }
        return i;
    }

    @Override
    void line(byte[] data, int from, int to, long start) {
        int end = to > from && data[to - 1] == '\r' ? to - 1 : to;
        if (isBlank(data, from, end)) {
            sink().comment();
        } else {
            sink().event(NO_NAME, 0, 0, data, from, end);
        }
    }

    private static boolean isBlank(byte[] data, int from, int to) {
        int i = from;
        while (i < to && (data[i] == ' ' || data[i] == '\t' || data[i] == '\r')) {
            i++;
        }
        return i == to;
    }

    @Override
    void outlastPiece() {}

    @Override
    void finish() {
        readRest();
    }
}
