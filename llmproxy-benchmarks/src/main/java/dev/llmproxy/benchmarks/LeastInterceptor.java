package dev.llmproxy.benchmarks;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * The least that any interceptor has to do that signs a request, keeps OkHttp from sending its body twice, counts the
 * bytes of the answer and tells the application something in a header. What it costs is OkHttp's own price.
 */
final class LeastInterceptor implements Interceptor {
    @Override
    public Response intercept(Chain chain) throws IOException {
        Request application = chain.request();
        Request signed = application
                .newBuilder()
                .header("Authorization", "Bearer sk-0123456789abcdef")
                .method(application.method(), new OneShot(application.body()))
                .build();
        Response response = chain.proceed(signed);
        return response.newBuilder()
                .request(application)
                .addHeader("X-Attempts", "1")
                .body(new Counted(response.body()))
                .build();
    }

    private static final class OneShot extends RequestBody {
        private final @Nullable RequestBody body;

        OneShot(@Nullable RequestBody body) {
            this.body = body;
        }

        @Override
        public @Nullable MediaType contentType() {
            return body == null ? null : body.contentType();
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            if (body != null) {
                body.writeTo(sink);
            }
        }
    }

    private static final class Counted extends ResponseBody {
        private final ResponseBody body;
        private final BufferedSource source;
        private long bytes;

        Counted(ResponseBody body) {
            this.body = body;
            this.source = Okio.buffer(new ForwardingSource(body.source()) {
                @Override
                public long read(Buffer sink, long byteCount) throws IOException {
                    long count = super.read(sink, byteCount);
                    bytes += Math.max(0, count);
                    return count;
                }
            });
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
            return source;
        }
    }
}
