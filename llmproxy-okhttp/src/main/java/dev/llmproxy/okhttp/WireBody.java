package dev.llmproxy.okhttp;

import dev.llmproxy.chain.WireCount;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as it comes over the wire, still compressed: its bytes are counted. OkHttp compares their number
 * with the declared length on HTTP/1.1 only, and nobody sees it any more once they are decompressed.
 */
final class WireBody extends ResponseBody {
    private final ResponseBody body;
    private final BufferedSource counted;

    WireBody(ResponseBody body, WireCount wire) {
        this.body = body;
        this.counted = Okio.buffer(new Counting(body.source(), wire));
    }

    @Override
    public @Nullable MediaType contentType() {
        return body.contentType();
    }

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public BufferedSource source() {
        return counted;
    }

    private static final class Counting extends ForwardingSource {
        private final WireCount wire;

        Counting(Source body, WireCount wire) {
            super(body);
            this.wire = wire;
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            boolean read = false;
            try {
                long count = super.read(sink, byteCount);
                read = true;
                note(count);
                return count;
            } finally {
                if (!read) {
                    wire.failed();
                }
            }
        }

        private void note(long count) {
            if (count < 0) {
                wire.ended();
            } else {
                wire.received(count);
            }
        }
    }
}
