package dev.llmproxy.okhttp;

import dev.llmproxy.chain.Attempt;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/** A compressed body as it comes off the wire. As long as reading it does not fail, what fails is its decoding. */
final class EncodedBody extends ResponseBody {
    private final ResponseBody wire;
    private final BufferedSource source;

    EncodedBody(ResponseBody wire, Attempt attempt) {
        this.wire = wire;
        this.source = Okio.buffer(new Watched(wire.source(), attempt));
        attempt.decoding(true);
    }

    @Override
    public @Nullable MediaType contentType() {
        return wire.contentType();
    }

    @Override
    public long contentLength() {
        return wire.contentLength();
    }

    @Override
    public BufferedSource source() {
        return source;
    }

    private static final class Watched extends ForwardingSource {
        private final Attempt attempt;

        Watched(Source wire, Attempt attempt) {
            super(wire);
            this.attempt = attempt;
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            boolean failed = true;
            try {
                long count = super.read(sink, byteCount);
                failed = false;
                return count;
            } finally {
                if (failed) {
                    attempt.decoding(false);
                }
            }
        }
    }
}
