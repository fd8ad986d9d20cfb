package dev.llmproxy.cache;

import okio.Buffer;
import okio.Source;
import okio.Timeout;

/** The body of an answer that was kept: written piece by piece into the buffer of whoever reads. */
final class ReplayedBody implements Source {
    private static final int PIECE = 8 << 10;

    private final Found answer;
    private int at;
    private boolean closed;

    ReplayedBody(Found answer) {
        this.answer = answer;
    }

    @Override
    public long read(Buffer sink, long byteCount) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        int count = (int) Math.min(Math.min(byteCount, PIECE), answer.size() - at);
        if (count == 0) {
            return byteCount == 0 ? 0 : -1;
        }
        answer.write(sink, at, count);
        at += count;
        return count;
    }

    @Override
    public Timeout timeout() {
        return Timeout.NONE;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return at + " of " + answer.size() + " bytes";
    }
}
