package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Phase;
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
    private final LlmBody body;
    private final Attempt attempt;

    AttemptBody(LlmBody body, Attempt attempt) {
        this.body = body;
        this.attempt = attempt;
    }

    @Override
    public @Nullable MediaType contentType() {
        return body.contentType().map(MediaType::parse).orElse(null);
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
        attempt.mark(Phase.SEND);
        BufferedSink counted = Okio.buffer(new CountingSink(sink, attempt));
        body.writeTo(counted);
        counted.flush();
        attempt.mark(Phase.WAIT);
    }

    private static final class CountingSink extends ForwardingSink {
        private final Attempt attempt;
        private long count;

        CountingSink(BufferedSink sink, Attempt attempt) {
            super(sink);
            this.attempt = attempt;
        }

        @Override
        public void write(Buffer source, long byteCount) throws IOException {
            super.write(source, byteCount);
            count += byteCount;
            attempt.sent(count);
        }
    }
}
