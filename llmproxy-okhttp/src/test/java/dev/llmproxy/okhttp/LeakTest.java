package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.DeploymentState;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class LeakTest extends OkHttpTest {
    // OkHttp looks after a pool as often as it lets connections idle, and then warns of responses that were
    // collected: in the usual five minutes, which are in the middle of another test.
    private static OkHttpClient unattended() {
        return new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(5, 1, TimeUnit.DAYS))
                .build();
    }

    @Test
    void aBodyThatIsNeverClosedIsNoticedAndItsConnectionTakenBack() throws IOException, InterruptedException {
        Gate never = new Gate();
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(never));
        OkHttpClient client = wrapped(unattended(), LlmProxy.builder());
        var unusedCall = drop(client);
        collectUntil(() -> events.kinds().containsAll(List.of("CallCancelled", "ConditionDetected")));
        assertThat(events.kinds())
                .filteredOn(kind -> !kind.equals("ConditionDetected"))
                .containsExactly("CallStarted", "AttemptStarted", "ResponseLeaked", "AttemptFailed", "CallCancelled");
        LlmEvent.ConditionDetected told = events.only(LlmEvent.ConditionDetected.class);
        assertThat(told.condition().cause()).isEqualTo(FaultCause.RESPONSE_LEAK);
        assertThat(told.count()).isOne();
        provider.awaitConnectionsOpen(0, Duration.ofSeconds(60));
    }

    private static void collectUntil(BooleanSupplier isDone) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 1_000 && !isDone.getAsBoolean(); i++) {
            System.gc();
            var unused = never.await(50, TimeUnit.MILLISECONDS);
        }
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
                Reply.json(200, Calls.ANSWER),
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(new Gate()));
        OkHttpClient client = wrapped(unattended(), LlmProxy.builder());
        // An idle thread of OkHttp may hold the last connection that it has opened, and with it the call.
        try (Response first = client.newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(first.body().string()).isEqualTo(Calls.ANSWER);
        }
        WeakReference<Call> call = drop(client);
        collectUntil(() -> call.get() == null);
        assertThat(call.get()).isNull();
    }

    @Test
    void aCallWhoseBodyIsNeverClosedIsForgotten() throws IOException, InterruptedException {
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(new Gate()));
        OkHttpClient client = wrapped(unattended(), LlmProxy.builder());
        Binding binding = ((ProxyInterceptor) client.interceptors().get(0)).binding();
        drop(client);
        assertThat(binding.calls()).isOne();
        collectUntil(() -> binding.calls() == 0);
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
        OkHttpClient dropping = OkHttpLlmProxy.wrap(unattended(), proxy);
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        closing(() -> Calls.release(dropping));
        closing(() -> Calls.release(client));
        dropWithPermit(dropping, proxy);
        collectUntil(() -> running(proxy) == 0);
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
                thread.join(60_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }
}
