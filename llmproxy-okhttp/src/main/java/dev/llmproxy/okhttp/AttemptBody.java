package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.event.Phase;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ForwardingSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * The body of one attempt. It is one-shot, which is what keeps OkHttp from sending it again by itself: after a reset
 * pooled connection, a 408, a 503 that says "at once", an HTTP/2 reset.
 */
final class AttemptBody extends RequestBody {
    // OkHttp takes that much into its buffer before it writes the first byte: there is nothing to count on the way.
    private static final int MAX_TAKEN_AT_ONCE = 8 << 10;

    private final LlmBody body;
    private final Attempt attempt;
    private final boolean marksPhases;

    AttemptBody(LlmBody body, Attempt attempt, boolean marksPhases) {
        this.body = body;
        this.attempt = attempt;
        this.marksPhases = marksPhases;
    }

    @Override
    public @Nullable MediaType contentType() {
        return OkHttpBody.mediaTypeOf(body);
    }

    @Override
    public long contentLength() {
        return body.length();
    }

    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        if (marksPhases) {
            attempt.mark(Phase.SEND);
        }
        write(sink);
        if (marksPhases) {
            attempt.mark(Phase.WAIT);
        }
    }

    private void write(BufferedSink sink) throws IOException {
        long length = body.length();
        if (length >= 0 && length < MAX_TAKEN_AT_ONCE) {
            writeAtOnce(sink);
            attempt.sending().sent(length);
        } else {
            writeCounted(new CountingSink(sink, attempt));
        }
    }

    private void writeAtOnce(BufferedSink sink) throws IOException {
        try {
            body.writeTo(sink);
        } catch (IOException e) {
            attempt.sending().bodyFailed();
            throw e;
        }
    }

    private void writeCounted(CountingSink counting) throws IOException {
        try {
            BufferedSink counted = Okio.buffer(counting);
            body.writeTo(counted);
            if (counted.isOpen()) {
                // A body that compresses itself has closed it, and with it OkHttp's own: that has been flushed.
                counted.flush();
            }
        } catch (IOException e) {
            if (!counting.failed) {
                attempt.sending().bodyFailed();
            }
            throw e;
        }
    }

    private static final class CountingSink extends ForwardingSink {
        private final Attempt attempt;
        private long count;
        private boolean failed;

        CountingSink(BufferedSink sink, Attempt attempt) {
            super(sink);
            this.attempt = attempt;
        }

        @Override
        public void write(Buffer source, long byteCount) throws IOException {
            boolean written = false;
            try {
                super.write(source, byteCount);
                written = true;
            } finally {
                failed |= !written;
            }
            count += byteCount;
            attempt.sending().sent(count);
        }

        @Override
        public void flush() throws IOException {
            boolean flushed = false;
            try {
                super.flush();
                flushed = true;
            } finally {
                failed |= !flushed;
            }
        }

        @Override
        public void close() throws IOException {
            boolean closed = false;
            try {
                super.close();
                closed = true;
            } finally {
                failed |= !closed;
            }
        }
    }
}
