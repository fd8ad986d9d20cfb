package dev.llmproxy.cache;

import dev.llmproxy.chain.AnswerTap;
import java.util.function.Consumer;
import okio.Buffer;
import okio.ByteString;

/**
 * Records the bytes of one answer while they pass, and hands them on when the answer is whole and may be stored. Segments
 * are shared with whoever reads the answer: nothing is copied before that. For one thread at a time.
 */
final class Recording implements AnswerTap {
    private final long most;
    private final Consumer<ByteString> whenStorable;
    private final Buffer recorded = new Buffer();
    private boolean over;

    /**
     * Constructs a recording.
     *
     * @param most the most bytes that are kept: of a longer answer nothing is
     * @param whenStorable is given the body, on the thread that has read its end
     */
    Recording(long most, Consumer<ByteString> whenStorable) {
        this.most = most;
        this.whenStorable = whenStorable;
    }

    @Override
    public void arrived(Buffer sink, long count) {
        if (over) {
            return;
        }
        if (recorded.size() + count > most) {
            over = true;
            recorded.clear();
        } else {
            sink.copyTo(recorded, sink.size() - count, count);
        }
    }

    @Override
    public void ended(boolean storable) {
        if (storable && !over) {
            whenStorable.accept(recorded.readByteString());
        }
        over = true;
        recorded.clear();
    }

    /** Returns how much is recorded, and nothing of it. */
    @Override
    public String toString() {
        return over ? "over" : recorded.size() + " bytes";
    }
}
