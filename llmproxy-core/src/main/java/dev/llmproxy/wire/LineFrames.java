package dev.llmproxy.wire;

/** Frames that are made of lines, which end by LF, CR LF or CR. */
abstract class LineFrames extends Frames {
    private final int maxBytes;
    private final FrameError tooLong;
    private final Assembly partial = new Assembly();
    private boolean skipsLineFeed;

    LineFrames(FrameSink sink, int maxBytes, FrameError tooLong) {
        super(sink, ByteOrderMark.skipped());
        this.maxBytes = maxBytes;
        this.tooLong = tooLong;
    }

    @Override
    final void read(byte[] data, int from, int to) {
        int i = from;
        if (skipsLineFeed) {
            skipsLineFeed = false;
            i = data[i] == '\n' ? i + 1 : i;
        }
        while (i < to && !isOver()) {
            int behind = partial.isEmpty() ? behindRepeat(data, i, to) : i;
            i = behind > i ? behind : readLine(data, i, to);
        }
        outlastPiece();
    }

    private int readLine(byte[] data, int from, int to) {
        if (data[from] == '\n' && partial.isEmpty()) {
            line(data, from, from, offset(from));
            return from + 1;
        }
        int end = lineEnd(data, from, to);
        long start = offset(from) - partial.size();
        if (offset(end) - start > maxBytes) {
            fail(tooLong, start + maxBytes);
            return to;
        }
        if (end == to) {
            outlastPiece();
            partial.append(data, from, to);
            return to;
        }
        if (partial.isEmpty()) {
            line(data, from, end, start);
        } else {
            partial.append(data, from, end);
            takePartial(start);
        }
        return behind(data, end, to);
    }

    private void takePartial(long start) {
        byte[] bytes = partial.bytes();
        int size = partial.size();
        partial.clear();
        line(bytes, 0, size, start);
    }

    private int behind(byte[] data, int end, int to) {
        int next = end + 1;
        if (data[end] == '\r') {
            skipsLineFeed = next == to;
            return next < to && data[next] == '\n' ? next + 1 : next;
        }
        return next;
    }

    /** Takes what stands behind the last end of a line for a line. */
    final void readRest() {
        if (!partial.isEmpty()) {
            takePartial(position() - partial.size());
        }
    }

    @Override
    long unfinished() {
        return partial.size();
    }

    /**
     * Takes a whole event at once that the sink knows the kind of, if one begins with this line.
     *
     * @return where to go on; {@code from} if nothing was taken
     */
    int behindRepeat(byte[] data, int from, int to) {
        return from;
    }

    final boolean isTooLong(int length) {
        return length > maxBytes;
    }

    /** Returns the index of the end of the line, or {@code to} where it does not end. */
    abstract int lineEnd(byte[] data, int from, int to);

    /**
     * Reads a line without its end. The bytes stay until {@link #outlastPiece} is called.
     *
     * @param start the offset of its first byte
     */
    abstract void line(byte[] data, int from, int to, long start);

    /** Called before the bytes of the lines that were read go away. */
    abstract void outlastPiece();
}
