package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import org.junit.jupiter.api.Test;

class WrappedClientTest extends OkHttpTest {
    @Test
    void anAnswerArrivesAsItWasSentForTheApplicationsOwnRequest() throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER).header("X-Request-Id", "req_1"));
        Request request = Calls.chat(chatUrl());
        try (Response response = wrapped(LlmProxy.builder()).newCall(request).execute()) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
            assertThat(response.header("X-Request-Id")).isEqualTo("req_1");
            assertThat(response.header("X-LlmProxy-Attempts")).isEqualTo("1");
            assertThat(response.header("X-LlmProxy-Fault")).isNull();
            assertThat(response.request()).isSameAs(request);
            assertThat(response.body().contentType()).hasToString("application/json");
        }
        assertThat(events.kinds())
                .containsExactly("CallStarted", "AttemptStarted", "AttemptSucceeded", "CallSucceeded");
        LlmEvent.CallSucceeded end = events.only(LlmEvent.CallSucceeded.class);
        assertThat(end.bytes()).isEqualTo(Calls.ANSWER.length());
        assertThat(end.exhausted()).isTrue();
        assertThat(end.call().dialect()).hasValue("openai-chat");
    }

    @Test
    void aStreamArrivesWhileItIsSent() throws IOException, InterruptedException {
        Gate gate = new Gate();
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(gate));
        try (Response response =
                wrapped(LlmProxy.builder()).newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.body().source().readUtf8Line()).isEqualTo("data: " + Calls.CHUNK);
            gate.open();
            assertThat(response.body().source().readUtf8())
                    .isEqualTo("\ndata: " + Calls.LAST_CHUNK + "\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void headersThatSteerTheProxyNeverLeaveAndThoseOfAnUpstreamNeverArrive() throws IOException, InterruptedException {
        provider.enqueue(
                Reply.json(200, Calls.ANSWER).header("X-LlmProxy-Cache", "hit").header("x-llmproxy-fault", "forged"));
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("X-LlmProxy-Tenant", "acme")
                .header("X-LlmProxy-Deadline", "30s")
                .build();
        try (Response response = wrapped(LlmProxy.builder()).newCall(request).execute()) {
            assertThat(response.headers().names()).noneMatch(name -> name.equalsIgnoreCase("X-LlmProxy-Cache"));
            assertThat(response.header("X-LlmProxy-Fault")).isNull();
            assertThat(response.request().header("X-LlmProxy-Tenant")).isEqualTo("acme");
        }
        ReceivedRequest received = provider.takeRequest(Duration.ofSeconds(5));
        assertThat(received.headerLines()).noneMatch(line -> line.regionMatches(true, 0, "x-llmproxy", 0, 10));
    }

    @Test
    void theTypedTagReachesTheStages() throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        List<CallOptions> seen = new ArrayList<>();
        OkHttpClient client = wrapped(LlmProxy.builder().aroundCall((request, chain) -> {
            seen.add(chain.call().options());
            return chain.proceed(request);
        }));
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .tag(CallOptions.class, CallOptions.none().tenant("tag"))
                .header("X-LlmProxy-Tenant", "header")
                .header("X-LlmProxy-Deadline", "30s")
                .build();
        client.newCall(request).execute().close();
        assertThat(seen.get(0).tenant()).hasValue("tag");
        assertThat(seen.get(0).deadline()).hasValue(Duration.ofSeconds(30));
    }

    @Test
    void aHeaderThatCannotBeReadRefusesTheCallBeforeAnythingIsSent() {
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("X-LlmProxy-Deadline", "soon")
                .build();
        assertThatThrownBy(() -> wrapped(LlmProxy.builder()).newCall(request).execute())
                .hasMessage(
                        "request.header: X-LlmProxy-Deadline: soon (expected: a positive duration such as 30s, 1500ms"
                                + " or 2m)");
        assertThat(provider.requestsStarted()).isZero();
        assertThat(events.kinds()).containsExactly("CallStarted", "FaultDetected", "CallFailed");
    }

    @Test
    void interceptorsBeforeRunOncePerCallAndThoseAfterOncePerAttempt() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER));
        AtomicInteger before = new AtomicInteger();
        AtomicInteger after = new AtomicInteger();
        OkHttpClient client = wrapped(
                        new OkHttpClient.Builder()
                                .addInterceptor(counting(before))
                                .build(),
                        LlmProxy.builder().aroundCall((request, chain) -> {
                            chain.proceed(request).close();
                            return chain.proceed(request);
                        }))
                .newBuilder()
                .addInterceptor(counting(after))
                .build();
        client.newCall(Calls.chat(chatUrl())).execute().close();
        assertThat(before).hasValue(1);
        assertThat(after).hasValue(2);
        assertThat(provider.requests()).hasSize(2);
    }

    private static Interceptor counting(AtomicInteger count) {
        return chain -> {
            count.incrementAndGet();
            return chain.proceed(chain.request());
        };
    }

    @Test
    void theUsersEventListenerSeesOneCallHoweverManyAttempts() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER));
        List<String> seen = new CopyOnWriteArrayList<>();
        EventListener listener = new EventListener() {
            @Override
            public void callStart(Call call) {
                seen.add("callStart");
            }

            @Override
            public void requestHeadersStart(Call call) {
                seen.add("requestHeadersStart");
            }

            @Override
            public void callEnd(Call call) {
                seen.add("callEnd");
            }
        };
        OkHttpClient client = wrapped(
                new OkHttpClient.Builder().eventListener(listener).build(),
                LlmProxy.builder().aroundCall((request, chain) -> {
                    chain.proceed(request).close();
                    return chain.proceed(request);
                }));
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            var unused = response.body().string();
        }
        assertThat(seen).containsExactly("callStart", "requestHeadersStart", "requestHeadersStart", "callEnd");
    }

    @Test
    void whatAnInterceptorBeforeAddsIsSeenAndKept() throws IOException, InterruptedException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        List<String> seen = new ArrayList<>();
        OkHttpClient client = wrapped(
                new OkHttpClient.Builder()
                        .addInterceptor(chain -> chain.proceed(chain.request()
                                .newBuilder()
                                .header("Authorization", "Bearer own")
                                .build()))
                        .build(),
                LlmProxy.builder().aroundCall((request, chain) -> {
                    seen.add(request.headers().get("Authorization").orElse("none"));
                    return chain.proceed(request);
                }));
        client.newCall(Calls.chat(chatUrl())).execute().close();
        assertThat(seen).containsExactly("Bearer own");
        assertThat(provider.takeRequest(Duration.ofSeconds(5)).header("Authorization"))
                .hasValue("Bearer own");
    }

    @Test
    void asynchronousCallsGoThroughTheChainToo() {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        assertThat(Calls.enqueue(wrapped(LlmProxy.builder()).newCall(Calls.chat(chatUrl())))
                        .join())
                .isEqualTo(Calls.ANSWER);
        assertThat(events.only(LlmEvent.CallSucceeded.class).attempts()).isEqualTo(1);
    }

    @Test
    void aStageThatAnswersByItselfNeedsNoNetwork() throws IOException {
        OkHttpClient client = wrapped(LlmProxy.builder()
                .aroundCall((request, chain) -> LlmResponse.builder(200)
                        .header("Content-Type", "text/plain")
                        .body(new Buffer().writeUtf8("from the stage"))
                        .build()));
        Request request = Calls.chat(chatUrl());
        try (Response response = client.newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo("from the stage");
            assertThat(response.header("X-LlmProxy-Attempts")).isEqualTo("0");
            assertThat(response.request()).isSameAs(request);
        }
        assertThat(provider.connectionsOpened()).isZero();
    }

    @Test
    void anErrorStatusIsHandedOnAsItCameWithItsDiagnosis() throws IOException {
        String body =
                "{\"error\":{\"message\":\"no such model\",\"type\":\"invalid_request_error\",\"code\":\"model_not_found\"}}";
        provider.enqueue(Reply.json(404, body));
        try (Response response =
                wrapped(LlmProxy.builder()).newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.code()).isEqualTo(404);
            assertThat(response.body().string()).isEqualTo(body);
            assertThat(response.header("X-LlmProxy-Fault")).isNotNull();
        }
        assertThat(events.kinds())
                .containsExactly("CallStarted", "AttemptStarted", "FaultDetected", "AttemptFailed", "CallFailed");
    }

    @Test
    void aClientIsBoundOnce() {
        OkHttpClient client = wrapped(LlmProxy.builder());
        assertThatThrownBy(() -> wrapped(client, LlmProxy.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("client: bound to an LlmProxy already (expected:");
    }

    @Test
    void theWrappedClientHasTimeoutsOfALanguageModelAndRoomForItsCalls() {
        OkHttpClient bare = new OkHttpClient();
        OkHttpClient client = wrapped(bare, LlmProxy.builder());
        assertThat(client.readTimeoutMillis()).isEqualTo(300_000);
        assertThat(client.connectTimeoutMillis()).isEqualTo(10_000);
        assertThat(client.dispatcher().getMaxRequestsPerHost()).isEqualTo(256);
        assertThat(client.dispatcher().executorService())
                .isSameAs(bare.dispatcher().executorService());
        assertThat(client.connectionPool()).isSameAs(bare.connectionPool());
        assertThat(client.retryOnConnectionFailure()).isTrue();
        assertThat(bare.dispatcher().getMaxRequestsPerHost()).isEqualTo(5);
    }

    @Test
    void dispatcherAndPoolFollowTheLimits() {
        OkHttpClient bare = new OkHttpClient();
        Limits limits = Limits.perDeployment()
                .concurrency(300)
                .queueFor(Duration.ofSeconds(1))
                .queueLength(100);
        OkHttpClient client = wrapped(bare, LlmProxy.builder().limits(limits));
        assertThat(client.dispatcher().getMaxRequestsPerHost()).isEqualTo(400);
        assertThat(client.dispatcher().getMaxRequests()).isEqualTo(400);
        assertThat(client.connectionPool()).isNotSameAs(bare.connectionPool());
        OkHttpClient few =
                wrapped(bare, LlmProxy.builder().limits(Limits.perDeployment().concurrency(5)));
        assertThat(few.dispatcher().getMaxRequestsPerHost()).isEqualTo(256);
        assertThat(few.connectionPool()).isSameAs(bare.connectionPool());
    }

    @Test
    void aClosedProxyRefusesCallsWithAnIoException() {
        LlmProxy proxy = proxy(LlmProxy.builder());
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        proxy.close();
        proxy.close();
        assertThatThrownBy(() -> client.newCall(Calls.chat(chatUrl())).execute())
                .isInstanceOf(IOException.class)
                .hasMessage("llmproxy is closed (expected: calls before LlmProxy.close())");
    }

    @Test
    void aRunningCallOutlivesTheProxy() throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        LlmProxy proxy = proxy(LlmProxy.builder());
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            proxy.close();
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
        }
        Calls.release(client);
    }
}
