package dev.llmproxy.wire;

import java.util.Objects;

/**
 * Cuts a stream of bytes into events. The bytes may come in pieces that are cut anywhere: what is told does not depend on
 * the cuts. An event that lies in one piece is handed on where it lies; only what straddles pieces is put together, in a
 * buffer that is used again, so that nothing is allocated per event. Nothing throws on bad input: it is told once, and
 * then there is silence. For one thread and one stream.
 */
public abstract class Frames {
    /** The longest line, in bytes, if nothing else is said. */
    public static final int MAX_LINE_BYTES = 1 << 20;

    /** The longest event, in bytes, if nothing else is said. */
    public static final int MAX_EVENT_BYTES = 4 << 20;

    private final FrameSink sink;
    private final ByteOrderMark mark;
    private long position;
    private long pieceStart; // The offset of the piece's array's index 0.
    private boolean over;
    private boolean broken;

    Frames(FrameSink sink, ByteOrderMark mark) {
        this.sink = Objects.requireNonNull(sink, "sink");
        this.mark = mark;
    }

    static int checkedCap(String name, int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(name + ": " + bytes + " (expected: at least 1)");
        }
        return bytes;
    }

    /**
     * Reads a piece of the stream.
     *
     * @param data the array with the piece; not kept
     * @param from where the piece begins
     * @param to where it ends
     */
    public final void feed(byte[] data, int from, int to) {
        Objects.checkFromToIndex(from, to, data.length);
        if (over || from == to) {
            return;
        }
        int start = from;
        if (mark.isOpen()) {
            start = mark.skip(data, from, to);
            position += start - from;
            readWithheld();
        }
        readPiece(data, start, to);
    }

    /** Ends the stream: no more bytes come. */
    public final void end() {
        if (over) {
            return;
        }
        mark.close();
        readWithheld();
        if (!over) {
            finish();
            over = true;
        }
    }

    // What began like a byte order mark and went on in another way.
    private void readWithheld() {
        int withheld = mark.takeWithheld();
        position -= withheld;
        readPiece(ByteOrderMark.BYTES, 0, withheld);
    }

    private void readPiece(byte[] data, int from, int to) {
        if (from < to && !over) {
            pieceStart = position - from;
            read(data, from, to);
            position += to - from;
        }
    }

    /**
     * Returns how many bytes were fed.
     *
     * @return the offset behind the last piece
     */
    public final long position() {
        return position;
    }

    /**
     * Says whether a byte order mark stood before everything else. It is skipped.
     *
     * @return whether there was one
     */
    public final boolean beganWithByteOrderMark() {
        return mark.isFound();
    }

    /**
     * Says whether the bytes were found not to be frames.
     *
     * @return whether {@link FrameSink#broken} was called
     */
    public final boolean isBroken() {
        return broken;
    }

    /**
     * Returns how many bytes belong to an event that has begun and has not been delivered.
     *
     * @return a number of bytes, 0 between events
     */
    public final long pendingBytes() {
        return unfinished() + mark.withheld();
    }

    /** Reads a piece that is not empty. */
    abstract void read(byte[] data, int from, int to);

    /** Called at the end of what is not broken. */
    abstract void finish();

    /** Returns how many bytes belong to an event that has begun. */
    abstract long unfinished();

    final FrameSink sink() {
        return sink;
    }

    final long offset(int index) {
        return pieceStart + index;
    }

    /** Says whether nothing more is to be read: the stream has ended or is broken. */
    final boolean isOver() {
        return over;
    }

    final void fail(FrameError error, long offset) {
        over = true;
        broken = true;
        sink.broken(error, offset);
    }
}
