package dev.llmproxy.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * The binary event stream of AWS ({@code application/vnd.amazon.eventstream}). The name of an event is its
 * {@code :event-type}, that of an exception its {@code :exception-type} or {@code :error-code}. Both checksums of each
 * message are checked, and its lengths before any room is made for it; offsets are those of the message.
 */
public final class EventStreamFrames extends Frames {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    /** The most that a message may have by its specification. */
    private static final int MOST_BYTES = 16 << 20;

    private static final int MOST_HEADER_BYTES = 128 << 10;

    private final int maxEventBytes;
    private final EventHeaders headers = new EventHeaders();
    private final CRC32 crc = new CRC32();
    private final Assembly partial = new Assembly();

    /**
     * Creates frames with the default cap.
     *
     * @param sink what takes the events
     */
    public EventStreamFrames(FrameSink sink) {
        this(sink, MAX_EVENT_BYTES);
    }

    /**
     * Creates frames.
     *
     * @param sink what takes the events
     * @param maxEventBytes the longest message
     */
    public EventStreamFrames(FrameSink sink, int maxEventBytes) {
        super(sink, ByteOrderMark.none());
        this.maxEventBytes = checkedCap("maxEventBytes", maxEventBytes);
    }

    @Override
    void read(byte[] data, int from, int to) {
        int i = from;
        while (i < to && !isOver()) {
            i = partial.isEmpty() ? message(data, i, to) : rest(data, i, to);
        }
    }

    private int message(byte[] data, int from, int to) {
        if (to - from < PRELUDE) {
            return keep(data, from, to);
        }
        if (!isPrelude(data, from, offset(from))) {
            return to;
        }
        int length = intAt(data, from);
        if (to - from < length) {
            return keep(data, from, to);
        }
        deliver(data, from, from + length, offset(from));
        return from + length;
    }

    private int keep(byte[] data, int from, int to) {
        partial.append(data, from, to);
        return to;
    }

    // The prelude first: it says how much belongs to the message.
    private int rest(byte[] data, int from, int to) {
        long start = offset(from) - partial.size();
        int wanted = partial.size() < PRELUDE ? PRELUDE : intAt(partial.bytes(), 0);
        int end = Math.min(to, from + wanted - partial.size());
        partial.append(data, from, end);
        if (partial.size() == PRELUDE && !isPrelude(partial.bytes(), 0, start)) {
            return to;
        }
        if (partial.size() > PRELUDE && partial.size() == wanted) {
            deliver(partial.bytes(), 0, wanted, start);
            partial.clear();
        }
        return end;
    }

    private boolean isPrelude(byte[] data, int at, long start) {
        long length = intAt(data, at) & 0xffffffffL;
        long headerLength = intAt(data, at + 4) & 0xffffffffL;
        if (checksum(data, at, at + 8) != intAt(data, at + 8)) {
            fail(FrameError.PRELUDE_CRC, start);
        } else if (length > MOST_BYTES
                || headerLength > MOST_HEADER_BYTES
                || length < PRELUDE + headerLength + CHECKSUM) {
            fail(FrameError.BAD_LENGTH, start);
        } else if (length > maxEventBytes) {
            fail(FrameError.EVENT_TOO_LONG, start);
        }
        return !isOver();
    }

    private void deliver(byte[] data, int from, int to, long start) {
        int payload = from + PRELUDE + intAt(data, from + 4);
        int payloadEnd = to - CHECKSUM;
        if (checksum(data, from, payloadEnd) != intAt(data, payloadEnd)) {
            fail(FrameError.MESSAGE_CRC, start);
        } else if (!headers.read(data, from + PRELUDE, payload)) {
            fail(FrameError.BAD_HEADERS, start);
        } else if (headers.isException()) {
            sink().exception(data, headers.nameFrom(), headers.nameTo(), data, payload, payloadEnd);
        } else {
            sink().event(data, headers.nameFrom(), headers.nameTo(), data, payload, payloadEnd);
        }
    }

    private int checksum(byte[] data, int from, int to) {
        crc.reset();
        crc.update(data, from, to - from);
        return (int) crc.getValue();
    }

    private static int intAt(byte[] data, int index) {
        return (int) INTS.get(data, index);
    }

    @Override
    void finish() {
        if (!partial.isEmpty()) {
            fail(FrameError.TRUNCATED, position());
        }
    }

    @Override
    long unfinished() {
        return partial.size();
    }
}
