package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.GzipSource;
import okio.Okio;
import org.junit.jupiter.api.Test;

/** A body that closes what it is written to, as OkHttp's own example of a compressed body does. */
class ClosedSinkTest extends OkHttpTest {
    private static RequestBody compressed(RequestBody body) {
        return new RequestBody() {
            @Override
            public MediaType contentType() {
                return body.contentType();
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                BufferedSink gzip = Okio.buffer(new GzipSink(sink));
                body.writeTo(gzip);
                gzip.close();
            }
        };
    }

    private void send(LlmProxy.Builder builder) throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        OkHttpClient client = wrapped(builder);
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("Content-Encoding", "gzip")
                .header("Authorization", "Bearer application")
                .post(compressed(Calls.json(Calls.CHAT)))
                .build();
        try (Response response = client.newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
        }
        Buffer sent = new Buffer()
                .write(provider.requests().get(provider.requests().size() - 1).body());
        assertThat(Okio.buffer(new GzipSource(sent)).readUtf8()).isEqualTo(Calls.CHAT);
    }

    @Test
    void isReadIntoMemory() throws IOException {
        send(LlmProxy.builder());
        send(LlmProxy.builder().cache(ResponseCache.inMemory(1 << 20).allRequests()));
    }

    @Test
    void isWrittenStraightThrough() throws IOException {
        send(LlmProxy.builder().integrity(Integrity.off()));
    }
}
