package dev.llmproxy.wire;

/**
 * Server-sent events, by the rules of the HTML standard (9.2.6). An event without an {@code event} field, or with an
 * empty one, comes without a name. One that no blank line ended is pending at the end of the stream: the standard
 * discards it, and so does this, unless {@link #deliverPending} asks for it.
 */
public final class SseFrames extends LineFrames {
    private static final long NONE = -1;

    private final int maxEventBytes;
    private final Slice name = new Slice();
    private final Slice data = new Slice();
    private final Slice id = new Slice();
    private long eventStart = NONE;

    /**
     * Creates frames with the default caps.
     *
     * @param sink what takes the events
     */
    public SseFrames(FrameSink sink) {
        this(sink, MAX_LINE_BYTES, MAX_EVENT_BYTES);
    }

    /**
     * Creates frames.
     *
     * @param sink what takes the events
     * @param maxLineBytes the longest line, without its end
     * @param maxEventBytes the longest event: its data, the lines joined, with its name and id
     */
    public SseFrames(FrameSink sink, int maxLineBytes, int maxEventBytes) {
        super(sink, checkedCap("maxLineBytes", maxLineBytes), FrameError.LINE_TOO_LONG);
        this.maxEventBytes = checkedCap("maxEventBytes", maxEventBytes);
    }

    /** Delivers the event that was not ended by a blank line, if there is one and the stream has ended in it. */
    public void deliverPending() {
        if (isOver() && !isBroken()) {
            readRest();
            dispatch();
        }
    }

    @Override
    int behindRepeat(byte[] data, int from, int to) {
        if (eventStart != NONE || data[from] != 'd' || !SseField.DATA.begins(data, from, to)) {
            return from;
        }
        int value = SseField.DATA.value(data, from, to);
        int end = sink().endOfRepeat(data, value, to);
        boolean whole = end >= 0 && to - end >= 2 && data[end] == '\n' && data[end + 1] == '\n';
        if (!whole || isTooLong(end - from) || end - value > maxEventBytes) {
            return from;
        }
        sink().repeat(data, value, end);
        return end + 2;
    }

    @Override
    int lineEnd(byte[] line, int from, int to) {
        return LineEnd.find(line, from, to);
    }

    @Override
    void line(byte[] line, int from, int to, long start) {
        if (from == to) {
            dispatch();
        } else if (line[from] == ':') {
            sink().comment();
        } else {
            eventStart = eventStart == NONE ? start : eventStart;
            field(line, from, to, start);
        }
    }

    private void field(byte[] line, int from, int to, long start) {
        switch (line[from]) {
            case 'd' -> {
                if (SseField.DATA.isIn(line, from, to)) {
                    data(line, SseField.DATA.value(line, from, to), to, start);
                    return;
                }
            }
            case 'e' -> {
                if (SseField.EVENT.isIn(line, from, to)) {
                    set(name, line, SseField.EVENT.value(line, from, to), to, start);
                    return;
                }
            }
            case 'i' -> {
                if (SseField.ID.isIn(line, from, to)) {
                    id(line, SseField.ID.value(line, from, to), to, start);
                    return;
                }
            }
            case 'r' -> {
                if (SseField.RETRY.isIn(line, from, to)) {
                    retry(line, SseField.RETRY.value(line, from, to), to);
                    return;
                }
            }
            default -> {}
        }
        sink().stray(line, from, to); // Unknown fields mean nothing.
    }

    private void data(byte[] line, int from, int to, long start) {
        if (!data.isSet()) {
            set(data, line, from, to, start);
        } else if (fits(to - from + 1L, start)) {
            data.join((byte) '\n', line, from, to);
        }
    }

    private void set(Slice field, byte[] line, int from, int to, long start) {
        if (fits((long) to - from - field.size(), start)) {
            field.set(line, from, to);
        }
    }

    private boolean fits(long more, long start) {
        boolean fits = (long) name.size() + data.size() + id.size() + more <= maxEventBytes;
        if (!fits) {
            fail(FrameError.EVENT_TOO_LONG, start);
        }
        return fits;
    }

    private void id(byte[] line, int from, int to, long start) {
        for (int i = from; i < to; i++) {
            if (line[i] == 0) {
                return;
            }
        }
        set(id, line, from, to, start);
    }

    private void retry(byte[] line, int from, int to) {
        long millis = 0;
        for (int i = from; i < to; i++) {
            int digit = line[i] - '0';
            if (digit < 0 || digit > 9) {
                return;
            }
            millis = millis > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : millis * 10 + digit;
        }
        if (from < to) {
            sink().retry(millis);
        }
    }

    private void dispatch() {
        if (eventStart == NONE) {
            return;
        }
        eventStart = NONE;
        if (id.isSet()) {
            sink().id(id.bytes(), id.from(), id.to());
        }
        if (data.isSet()) {
            sink().event(name.bytes(), name.from(), name.to(), data.bytes(), data.from(), data.to());
        } else if (name.size() > 0) {
            sink().stray(name.bytes(), name.from(), name.to());
        }
        name.clear();
        data.clear();
        id.clear();
    }

    @Override
    void outlastPiece() {
        name.keep();
        data.keep();
        id.keep();
    }

    @Override
    void finish() {}

    @Override
    long unfinished() {
        return eventStart == NONE ? super.unfinished() : position() - eventStart;
    }
}
