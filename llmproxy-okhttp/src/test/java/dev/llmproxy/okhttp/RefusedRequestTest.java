package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;

/** Of a request that no server can read not a byte is sent, and no connection is opened for it. */
class RefusedRequestTest extends OkHttpTest {
    private Fault refusal(OkHttpClient client, Request request) {
        Throwable thrown = catchThrowable(() -> client.newCall(request).execute());
        assertThat(thrown).isInstanceOf(IOException.class);
        assertThat(provider.connectionsOpened()).isZero();
        assertThat(provider.requests()).isEmpty();
        return faultOf(thrown);
    }

    private Request chat(RequestBody body) {
        return new Request.Builder().url(chatUrl()).post(body).build();
    }

    @Test
    void halfOfASurrogatePair() {
        String cut = Calls.CHAT.replace(Calls.PROMPT, Calls.PROMPT + "\\ud83d");
        Fault fault = refusal(wrapped(LlmProxy.builder()), chat(Calls.json(cut)));
        assertThat(fault.cause()).isEqualTo(FaultCause.MALFORMED_TEXT);
        assertThat(fault.explain()).doesNotContain(Calls.PROMPT);
    }

    @Test
    void aBodyThatIsNoJson() {
        Fault fault = refusal(wrapped(LlmProxy.builder()), chat(Calls.json(Calls.CHAT + "}")));
        assertThat(fault.cause()).isEqualTo(FaultCause.MALFORMED_JSON);
    }

    @Test
    void whereTheProxyIsOnlyAnInterceptorToo() {
        OkHttpClient client = withInterceptor(new OkHttpClient(), LlmProxy.builder());
        assertThat(refusal(client, chat(Calls.json("{"))).cause()).isEqualTo(FaultCause.MALFORMED_JSON);
    }

    @Test
    void aHeaderThatSmugglesAnotherIn() {
        Headers smuggled = new Headers.Builder()
                .addUnsafeNonAscii("x-api-key", "sk-canary\r\nX-Evil: 1")
                .build();
        Request request =
                chat(Calls.json(Calls.CHAT)).newBuilder().headers(smuggled).build();
        Fault fault = refusal(wrapped(LlmProxy.builder()), request);
        assertThat(fault.cause()).isEqualTo(FaultCause.BAD_HEADER);
        assertThat(fault.explain())
                .contains("x-api-key has a control character")
                .doesNotContain("canary");
    }

    @Test
    void aBodyThatIsShorterThanItSays() {
        RequestBody lying = new RequestBody() {
            @Override
            public MediaType contentType() {
                return MediaType.get("application/json");
            }

            @Override
            public long contentLength() {
                return 100;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeUtf8(Calls.CHAT);
            }
        };
        assertThat(refusal(wrapped(LlmProxy.builder()), chat(lying)).cause()).isEqualTo(FaultCause.REQUEST_ALTERED);
    }

    @Test
    void aOneShotBodyIsReadOnceAndChecked() {
        AtomicInteger reads = new AtomicInteger();
        InputStream source = new ByteArrayInputStream("[]".getBytes(StandardCharsets.UTF_8));
        RequestBody once = new RequestBody() {
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
                reads.incrementAndGet();
                sink.write(source.readAllBytes());
            }
        };
        Fault fault = refusal(wrapped(LlmProxy.builder()), chat(once));
        assertThat(fault.summary()).contains("the body is not an object");
        assertThat(reads).hasValue(1);
    }
}
