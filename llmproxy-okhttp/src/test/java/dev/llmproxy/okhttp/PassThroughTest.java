package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is no call to a model goes through: uploads and lists timed and diagnosed, WebSockets as they are. */
class PassThroughTest extends OkHttpTest {
    @Test
    void aMultipartUploadArrivesByteForByte() throws IOException, InterruptedException {
        provider.enqueue(Reply.json(200, "{\"id\":\"file-1\"}"));
        String content = "{\"a\":1}\n".repeat(100_000);
        RequestBody upload = new MultipartBody.Builder("boundary")
                .setType(MultipartBody.FORM)
                .addFormDataPart("purpose", "batch")
                .addFormDataPart("file", "batch.jsonl", RequestBody.create(content, MediaType.get("application/jsonl")))
                .build();
        Request request = new Request.Builder()
                .url(provider.url("/v1/files"))
                .post(upload)
                .build();
        try (Response response = wrapped(LlmProxy.builder()).newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo("{\"id\":\"file-1\"}");
        }
        ReceivedRequest received = provider.takeRequest(Duration.ofSeconds(5));
        assertThat(received.bodyText()).contains(content);
        assertThat(received.body()).hasSize((int) upload.contentLength());
        assertThat(received.header("Content-Type")).hasValue("multipart/form-data; boundary=boundary");
        assertThat(events.only(LlmEvent.CallSucceeded.class).call().dialect()).isEmpty();
    }

    @Test
    void aListOfModelsIsTimedAndDiagnosed() throws IOException {
        provider.enqueue(Reply.json(401, "{\"error\":{\"message\":\"You didn't provide an API key.\"}}"));
        Request request = new Request.Builder().url(provider.url("/v1/models")).build();
        try (Response response = wrapped(LlmProxy.builder()).newCall(request).execute()) {
            assertThat(response.header("X-LlmProxy-Fault")).isEqualTo(FaultCause.KEY_MISSING.code());
        }
        assertThat(provider.requests().get(0).method()).isEqualTo("GET");
    }

    @Test
    void aOneShotBodyOfNoDialectIsWrittenOnceAndNotBuffered() throws IOException, InterruptedException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        Request request = new Request.Builder()
                .url(provider.url("/v1/audio"))
                .post(new OneShot("sound"))
                .build();
        wrapped(LlmProxy.builder()).newCall(request).execute().close();
        assertThat(provider.takeRequest(Duration.ofSeconds(5)).bodyText()).isEqualTo("sound");
    }

    @Test
    void aOneShotBodyOfADialectIsReadIntoMemory() throws IOException {
        provider.enqueue(Reply.status(401), Reply.json(200, Calls.ANSWER));
        OkHttpClient client = wrapped(
                new OkHttpClient.Builder()
                        .authenticator((route, refused) ->
                                refused.request().newBuilder().build())
                        .build(),
                LlmProxy.builder());
        Request request = new Request.Builder()
                .url(chatUrl())
                .post(new OneShot(Calls.CHAT))
                .build();
        try (Response response = client.newCall(request).execute()) {
            assertThat(response.code()).isEqualTo(200);
        }
        assertThat(provider.requests().stream().map(ReceivedRequest::bodyText)).containsExactly(Calls.CHAT, Calls.CHAT);
    }

    @Test
    void aBodyThatCannotBeReadFailsTheCallWithItsOwnException() {
        IOException own = new IOException("disk");
        RequestBody broken = new RequestBody() {
            @Override
            public MediaType contentType() {
                return MediaType.get("application/json");
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                throw own;
            }
        };
        Request request = new Request.Builder().url(chatUrl()).post(broken).build();
        assertThatThrownBy(() -> wrapped(LlmProxy.builder()).newCall(request).execute())
                .hasRootCause(own);
    }

    @Test
    void aWebSocketGoesStraightThroughAndIsCounted() throws Exception {
        // The accept value belongs to the key that OkHttp draws: the provider computes it.
        provider.answer(received -> Reply.raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Accept: "
                + WebSockets.acceptOf(received.header("Sec-WebSocket-Key").orElseThrow())
                + "\r\n\r\n" + WebSockets.textFrame("hello") + WebSockets.closeFrame()));
        CompletableFuture<String> heard = new CompletableFuture<>();
        CountDownLatch gone = new CountDownLatch(1);
        Request request =
                new Request.Builder().url(provider.url("/v1/realtime")).build();
        OkHttpClient client = wrapped(LlmProxy.builder());
        client.newWebSocket(request, new WebSocketListener() {
            @Override
            public void onMessage(WebSocket webSocket, String text) {
                heard.complete(text);
            }

            // A socket that its peer has closed holds its connection until this end is closed, too.
            @Override
            public void onClosing(WebSocket webSocket, int code, String reason) {
                webSocket.close(1000, null);
            }

            @Override
            public void onClosed(WebSocket webSocket, int code, String reason) {
                gone.countDown();
            }

            @Override
            public void onFailure(WebSocket webSocket, Throwable t, @Nullable Response response) {
                heard.completeExceptionally(t);
                gone.countDown();
            }
        });
        assertThat(heard.get(2, TimeUnit.MINUTES)).isEqualTo("hello");
        assertThat(gone.await(2, TimeUnit.MINUTES)).isTrue();
        assertThat(events.events()).containsExactly(new LlmEvent.PassedThrough("127.0.0.1", 1));
    }

    private static final class OneShot extends RequestBody {
        private final String text;
        private boolean written;

        OneShot(String text) {
            this.text = text;
        }

        @Override
        public MediaType contentType() {
            return MediaType.get("application/json");
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            if (written) {
                throw new IOException("written twice");
            }
            written = true;
            sink.writeUtf8(text);
        }
    }
}
