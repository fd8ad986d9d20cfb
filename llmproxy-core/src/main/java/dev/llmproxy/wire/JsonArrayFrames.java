package dev.llmproxy.wire;

/**
 * One JSON array that comes piece by piece: each element is an event without a name. Only what stands between the
 * elements is judged, not what is within. The array is complete when its bracket has closed, which {@link #isComplete}
 * tells; white space and a byte order mark may stand before it, white space behind it.
 */
public final class JsonArrayFrames extends Frames {
    private static final byte[] NO_NAME = {};

    private final int maxEventBytes;
    private final ElementEnd elementEnd = new ElementEnd();
    private final Assembly partial = new Assembly();
    private State state = State.BEFORE;

    private enum State {
        BEFORE,
        FIRST,
        ELEMENT,
        BEHIND_ELEMENT,
        BEHIND_COMMA,
        COMPLETE
    }

    /**
     * Creates frames with the default cap.
     *
     * @param sink what takes the elements
     */
    public JsonArrayFrames(FrameSink sink) {
        this(sink, MAX_EVENT_BYTES);
    }

    /**
     * Creates frames.
     *
     * @param sink what takes the elements
     * @param maxEventBytes the longest element
     */
    public JsonArrayFrames(FrameSink sink, int maxEventBytes) {
        super(sink, ByteOrderMark.skipped());
        this.maxEventBytes = checkedCap("maxEventBytes", maxEventBytes);
    }

    /**
     * Says whether the array has closed.
     *
     * @return whether its last bracket was read
     */
    public boolean isComplete() {
        return state == State.COMPLETE;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    @Override
    void read(byte[] data, int from, int to) {
        int i = from;
        while (i < to && !isOver()) {
            if (state == State.ELEMENT) {
                i = element(data, i, to);
            } else if (isBlank(data[i]) || between(data[i])) {
                i++;
            } else if (state == State.FIRST || state == State.BEHIND_COMMA) {
                state = State.ELEMENT;
                elementEnd.begin(data[i]);
            } else {
                fail(state == State.COMPLETE ? FrameError.TRAILING : FrameError.SYNTAX, offset(i));
            }
        }
    }

    /** Goes on over a bracket of the array or a comma; false for all else. */
    private boolean between(byte b) {
        if (b == '[' && state == State.BEFORE) {
            state = State.FIRST;
        } else if (b == ',' && state == State.BEHIND_ELEMENT) {
            state = State.BEHIND_COMMA;
        } else if (b == ']' && (state == State.FIRST || state == State.BEHIND_ELEMENT)) {
            state = State.COMPLETE;
        } else {
            return false;
        }
        return true;
    }

    private int element(byte[] data, int from, int to) {
        int found = elementEnd.find(data, from, to);
        int end = found < 0 ? to : found;
        long start = offset(from) - partial.size();
        if (offset(end) - start > maxEventBytes) {
            fail(FrameError.EVENT_TOO_LONG, start + maxEventBytes);
        } else if (found < 0) {
            partial.append(data, from, to);
        } else if (offset(end) == start) {
            fail(FrameError.SYNTAX, start); // A comma or bracket where an element belongs.
        } else {
            state = State.BEHIND_ELEMENT;
            deliver(data, from, end);
        }
        return end;
    }

    private void deliver(byte[] data, int from, int end) {
        if (partial.isEmpty()) {
            sink().event(NO_NAME, 0, 0, data, from, end);
        } else {
            partial.append(data, from, end);
            sink().event(NO_NAME, 0, 0, partial.bytes(), 0, partial.size());
            partial.clear();
        }
    }

    @Override
    void finish() {
        if (state != State.COMPLETE) {
            fail(FrameError.TRUNCATED, position());
        }
    }

    @Override
    long unfinished() {
        return partial.size();
    }
}
