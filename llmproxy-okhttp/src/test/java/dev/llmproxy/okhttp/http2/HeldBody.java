package dev.llmproxy.okhttp.http2;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import mockwebserver3.MockResponseBody;
import okio.BufferedSink;

/** A body whose second half is held until a test lets it go. */
final class HeldBody implements MockResponseBody {
    private final String first;
    private final CountDownLatch latch;
    private final String second;

    HeldBody(String first, CountDownLatch latch, String second) {
        this.first = first;
        this.latch = latch;
        this.second = second;
    }

    @Override
    public long getContentLength() {
        return -1;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        sink.writeUtf8(first);
        sink.flush();
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        }
        sink.writeUtf8(second);
        sink.flush();
    }
}
