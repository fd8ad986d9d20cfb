package dev.llmproxy.cache;

import dev.llmproxy.chain.AnswerTap;
import java.util.function.Consumer;
import okio.Buffer;
import okio.ByteString;

/** Records an answer, and says so where nothing comes of it. For one thread at a time. */
final class Offer implements AnswerTap {
    private final Recording recording;
    private final long most;
    private final Consumer<String> whenRefused;
    private long bytes;

    Offer(long most, Consumer<ByteString> whenStorable, Consumer<String> whenRefused) {
        this.recording = new Recording(most, whenStorable);
        this.most = most;
        this.whenRefused = whenRefused;
    }

    @Override
    public void arrived(Buffer sink, long count) {
        bytes += count;
        recording.arrived(sink, count);
    }

    @Override
    public void ended(boolean storable) {
        recording.ended(storable);
        if (!storable) {
            whenRefused.accept("not whole, not ended by itself, or not in order");
        } else if (bytes > most) {
            whenRefused.accept("more than " + most + " bytes");
        }
    }

    @Override
    public String toString() {
        return recording.toString();
    }
}
