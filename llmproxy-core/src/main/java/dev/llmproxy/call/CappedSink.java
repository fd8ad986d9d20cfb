package dev.llmproxy.call;

import java.io.IOException;
import okio.Buffer;
import okio.ForwardingSink;

/** Refuses to take more than its cap. */
final class CappedSink extends ForwardingSink {
    private final long cap;
    private long taken;

    CappedSink(Buffer target, long cap) {
        super(target);
        this.cap = cap;
    }

    @Override
    public void write(Buffer source, long byteCount) throws IOException {
        taken += byteCount;
        if (taken > cap) {
            throw new BodyTooLargeException(taken);
        }
        super.write(source, byteCount);
    }
}
