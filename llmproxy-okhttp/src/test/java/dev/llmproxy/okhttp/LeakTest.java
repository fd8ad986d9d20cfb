package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.DeploymentState;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class LeakTest extends OkHttpTest {
    @Test
    void aBodyThatIsNeverClosedIsNoticedAndItsConnectionTakenBack() throws IOException, InterruptedException {
        Gate never = new Gate();
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(never));
        CountDownLatch ended = new CountDownLatch(1);
        OkHttpClient client = wrapped(
                LlmProxy.builder().listener(LlmListener.on(LlmEvent.CallCancelled.class, event -> ended.countDown())));
        var unusedCall = drop(client);
        for (int i = 0; i < 60 && !events.kinds().contains("CallCancelled"); i++) {
            System.gc();
            var unused = ended.await(200, TimeUnit.MILLISECONDS);
        }
        assertThat(events.kinds())
                .filteredOn(kind -> !kind.equals("ConditionDetected"))
                .containsExactly("CallStarted", "AttemptStarted", "ResponseLeaked", "AttemptFailed", "CallCancelled");
        LlmEvent.ConditionDetected told = events.only(LlmEvent.ConditionDetected.class);
        assertThat(told.condition().cause()).isEqualTo(FaultCause.RESPONSE_LEAK);
        assertThat(told.count()).isOne();
        provider.awaitConnectionsOpen(0, Duration.ofSeconds(5));
    }

    private WeakReference<Call> drop(OkHttpClient client) throws IOException {
        Call call = client.newCall(Calls.chat(chatUrl()));
        Response response = call.execute();
        assertThat(response.code()).isEqualTo(200);
        return new WeakReference<>(call);
    }

    @Test
    void aCallWhoseBodyIsNeverClosedIsNotKept() throws IOException, InterruptedException {
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(new Gate()));
        provider.always(Reply.json(200, Calls.ANSWER));
        WeakReference<Call> call = drop(wrapped(LlmProxy.builder()));
        OkHttpClient other = new OkHttpClient();
        closing(() -> Calls.release(other));
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 60 && call.get() != null; i++) {
            System.gc();
            // An idle thread of OkHttp may hold the last connection that it has opened, and with it the call.
            other.newCall(Calls.chat(chatUrl())).execute().close();
            other.connectionPool().evictAll();
            var unused = never.await(200, TimeUnit.MILLISECONDS);
        }
        assertThat(call.get()).isNull();
    }

    @Test
    void aCallWhoseBodyIsNeverClosedIsForgotten() throws IOException, InterruptedException {
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(new Gate()));
        OkHttpClient client = wrapped(LlmProxy.builder());
        Binding binding = ((ProxyInterceptor) client.interceptors().get(0)).binding();
        drop(client);
        assertThat(binding.calls()).isOne();
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 60 && binding.calls() > 0; i++) {
            System.gc();
            var unused = never.await(200, TimeUnit.MILLISECONDS);
        }
        assertThat(binding.calls()).isZero();
    }

    @Test
    void aBodyThatIsNeverClosedGivesItsPermitBack() throws IOException, InterruptedException {
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(new Gate()));
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        LlmProxy proxy = proxy(LlmProxy.builder()
                .route(Route.from(provider.url("/v1"))
                        .failover(Deployment.at(provider.url("/v1")).named("only")))
                .limits(Limits.perDeployment().concurrency(1)));
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        closing(() -> Calls.release(client));
        dropWithPermit(client, proxy);
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 60 && running(proxy) > 0; i++) {
            System.gc();
            var unused = never.await(200, TimeUnit.MILLISECONDS);
        }
        assertThat(running(proxy)).isZero();
        assertThat(proxy.report().deployments())
                .singleElement()
                .extracting(DeploymentState::inFlight)
                .isEqualTo(0);
        try (Response next = client.newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(next.body().string()).isEqualTo(Calls.ANSWER);
        }
    }

    private void dropWithPermit(OkHttpClient client, LlmProxy proxy) throws IOException {
        Response response = client.newCall(Calls.chat(chatUrl())).execute();
        assertThat(running(proxy)).isOne();
        assertThat(response.code()).isEqualTo(200);
    }

    private static int running(LlmProxy proxy) {
        return proxy.limits().stream().mapToInt(Limits.Use::running).sum();
    }

    @Test
    void aBodyThatIsStillHeldIsNoLeak() throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        try (Response response =
                wrapped(LlmProxy.builder()).newCall(Calls.chat(chatUrl())).execute()) {
            System.gc();
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
        }
        assertThat(events.kinds()).doesNotContain("ResponseLeaked", "ConditionDetected");
    }

    @Test
    void aClosedProxyLeavesNoThread() throws IOException, InterruptedException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        LlmProxy proxy = proxy(LlmProxy.builder());
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        client.newCall(Calls.chat(chatUrl())).execute().close();
        proxy.close();
        Calls.release(client);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("llmproxy-") && !thread.getName().startsWith("llmproxy-testing")) {
                thread.join(5_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }
}
