package dev.llmproxy.logging;

import okio.Buffer;
import okio.ByteString;

/** The beginning of a body that passes, and how long it is. For one thread at a time. */
final class Kept {
    private final long most;
    private final Buffer beginning = new Buffer();
    private long count;

    Kept(long most) {
        this.most = most;
    }

    /**
     * Takes note of bytes that have passed.
     *
     * @param sink where they are: its last bytes, or their beginning where they are more than that
     * @param passed how many
     */
    void add(Buffer sink, long passed) {
        long taken = Math.min(most - beginning.size(), Math.min(passed, sink.size()));
        if (taken > 0) {
            sink.copyTo(beginning, sink.size() - Math.min(passed, sink.size()), taken);
        }
        count += passed;
    }

    long count() {
        return count;
    }

    ByteString bytes() {
        return beginning.snapshot();
    }

    void clear() {
        beginning.clear();
    }

    @Override
    public String toString() {
        return beginning.size() + " of " + count + " bytes";
    }
}
