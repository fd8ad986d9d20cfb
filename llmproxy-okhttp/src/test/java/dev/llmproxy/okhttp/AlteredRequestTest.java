package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.Rule.Severity;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.Test;

/** What others change in a request behind the proxy is told, and stopped where that is asked for. */
class AlteredRequestTest extends OkHttpTest {
    private static final Integrity FORBIDDING = Integrity.strict().severity(Rule.REQUEST_DIGEST, Severity.ERROR);

    // As an SDK does, which adds its interceptors to the client that it is given.
    private OkHttpClient altering(LlmProxy.Builder proxy, Interceptor later) {
        return wrapped(proxy).newBuilder().addInterceptor(later).build();
    }

    private static Response zip(Interceptor.Chain chain) throws IOException {
        RequestBody body = chain.request().body();
        RequestBody zipped = new RequestBody() {
            @Override
            public MediaType contentType() {
                return body.contentType();
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                BufferedSink zip = Okio.buffer(new GzipSink(sink));
                body.writeTo(zip);
                zip.close();
            }
        };
        return chain.proceed(chain.request()
                .newBuilder()
                .header("Content-Encoding", "gzip")
                .post(zipped)
                .build());
    }

    private static Response elsewhere(Interceptor.Chain chain) throws IOException {
        Request request = chain.request();
        return chain.proceed(request.newBuilder()
                .url(request.url()
                        .newBuilder()
                        .addQueryParameter("beta", "canary")
                        .build())
                .method("PUT", request.body())
                .build());
    }

    private String told() {
        LlmEvent.FindingDetected finding = events.only(LlmEvent.FindingDetected.class);
        assertThat(finding.rule()).isEqualTo(Rule.REQUEST_DIGEST);
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        return finding.detail();
    }

    private void succeed(OkHttpClient client) throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER));
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
        }
    }

    @Test
    void aBodyThatIsZippedIsSentAndTold() throws IOException {
        succeed(altering(LlmProxy.builder(), AlteredRequestTest::zip));
        assertThat(provider.requests().get(0).header("Content-Encoding")).hasValue("gzip");
        assertThat(told())
                .isEqualTo("changed behind llmproxy: body (" + Calls.CHAT.length()
                        + " bytes, now of unknown length, encoded)");
    }

    @Test
    void anotherMethodAndQueryAreToldWithoutTheirText() throws IOException {
        succeed(altering(LlmProxy.builder(), AlteredRequestTest::elsewhere));
        assertThat(told()).isEqualTo("changed behind llmproxy: method, query");
    }

    @Test
    void aNetworkInterceptorOfTheClientIsSeen() throws IOException {
        OkHttpClient client = new OkHttpClient.Builder()
                .addNetworkInterceptor(AlteredRequestTest::elsewhere)
                .build();
        succeed(wrapped(client, LlmProxy.builder()));
        assertThat(told()).contains("method");
    }

    // Without the mark of a one-shot body OkHttp sends it again by itself, in the same attempt.
    @Test
    void itIsToldOnceHoweverOftenItIsSent() throws IOException {
        OkHttpClient client = new OkHttpClient.Builder()
                .authenticator((route, refused) -> refused.request()
                        .newBuilder()
                        .header("X-Token", "fresh")
                        .build())
                .build();
        provider.enqueue(Reply.status(401));
        OkHttpClient altered = wrapped(client, LlmProxy.builder())
                .newBuilder()
                .addInterceptor(AlteredRequestTest::zip)
                .build();
        succeed(altered);
        assertThat(provider.requests()).hasSize(2);
        assertThat(told()).contains("body");
    }

    @Test
    void aFaultSaysWhatWasChanged() throws IOException {
        provider.always(Reply.json(400, "{\"error\":{\"message\":\"we could not parse the JSON body\"}}"));
        OkHttpClient client = altering(LlmProxy.builder(), AlteredRequestTest::zip);
        client.newCall(Calls.chat(chatUrl())).execute().close();
        assertThat(events.only(LlmEvent.CallFailed.class).fault().evidence("changed behind llmproxy"))
                .hasValueSatisfying(what -> assertThat(what).startsWith("body ("));
    }

    @Test
    void whereItIsForbiddenNothingIsWritten() {
        OkHttpClient client = altering(LlmProxy.builder().integrity(FORBIDDING), AlteredRequestTest::elsewhere);
        Throwable thrown =
                catchThrowable(() -> client.newCall(Calls.chat(chatUrl())).execute());
        assertThat(faultOf(thrown).cause()).isEqualTo(FaultCause.REQUEST_ALTERED);
        assertThat(faultOf(thrown).explain()).contains("method, query").doesNotContain("canary");
        assertThat(provider.requests()).isEmpty();
    }

    @Test
    void headersOfOthersAreTheirBusiness() throws IOException {
        Interceptor tracing = chain -> chain.proceed(
                chain.request().newBuilder().header("traceparent", "00-1").build());
        OkHttpClient client =
                new OkHttpClient.Builder().addNetworkInterceptor(tracing).build();
        OkHttpClient wrapped = wrapped(client, LlmProxy.builder().integrity(FORBIDDING))
                .newBuilder()
                .addInterceptor(tracing)
                .build();
        succeed(wrapped);
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    @Test
    void callsOfNoDialectAreNotCompared() throws IOException {
        provider.always(Reply.json(200, "{}"));
        OkHttpClient client = altering(LlmProxy.builder().integrity(FORBIDDING), AlteredRequestTest::elsewhere);
        Request upload = Calls.chat(provider.url("/v1/files"));
        client.newCall(upload).execute().close();
        assertThat(provider.requests()).hasSize(1);
    }

    @Test
    void aBodyThatChangesWhileItIsWrittenIsReadOnce() throws IOException {
        AtomicInteger writes = new AtomicInteger();
        RequestBody counting = new RequestBody() {
            @Override
            public MediaType contentType() {
                return MediaType.get("application/json");
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeUtf8("{\"model\":\"gpt-4o\",\"seed\":" + writes.incrementAndGet() + "}");
            }
        };
        OkHttpClient client = new OkHttpClient.Builder()
                .authenticator((route, refused) -> refused.request()
                        .newBuilder()
                        .header("X-Token", "fresh")
                        .build())
                .build();
        provider.enqueue(Reply.status(401), Reply.json(200, Calls.ANSWER));
        Request request = Calls.chat(chatUrl()).newBuilder().post(counting).build();
        wrapped(client, LlmProxy.builder()).newCall(request).execute().close();
        assertThat(provider.requests()).hasSize(2);
        assertThat(provider.requests().get(1).body())
                .isEqualTo(provider.requests().get(0).body());
        assertThat(writes).hasValue(1);
    }
}
