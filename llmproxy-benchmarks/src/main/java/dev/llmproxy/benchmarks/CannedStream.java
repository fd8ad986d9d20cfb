package dev.llmproxy.benchmarks;

import java.io.IOException;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.Okio;
import okio.Source;
import okio.Timeout;

/**
 * Takes the place of the network: reads the request's body, as a socket would, and streams from memory, the first two events
 * at once, since the first one of a chat says nothing yet, and the rest when it is asked for.
 */
final class CannedStream implements Interceptor {
    private static final MediaType EVENTS = MediaType.get("text/event-stream");
    private static final Headers HEADERS = Headers.of("Content-Type", "text/event-stream");

    private final ChatStream stream = new ChatStream(false);
    private final int firstEnd = stream.documents[3] + 2;
    private final Runnable wait;

    /** Has an answer begin after a wait. */
    CannedStream(Runnable wait) {
        this.wait = wait;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        CannedAnswer.read(request);
        wait.run();
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .headers(HEADERS)
                .body(ResponseBody.create(Okio.buffer(new Events()), EVENTS, -1))
                .build();
    }

    private final class Events implements Source {
        private int next;

        @Override
        public long read(Buffer sink, long byteCount) {
            int end = next < firstEnd ? firstEnd : stream.bytes.length;
            int count = (int) Math.min(byteCount, end - next);
            if (count == 0) {
                return -1;
            }
            sink.write(stream.bytes, next, count);
            next += count;
            return count;
        }

        @Override
        public Timeout timeout() {
            return Timeout.NONE;
        }

        @Override
        public void close() {}
    }
}
