package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.HedgeEnded;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A first token that is late, and a second attempt at another deployment beside the first. */
class HedgeOnSocketsTest extends OkHttpTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    // Long enough for a hedge to begin, which waits half a second at the least.
    private static final Duration CUT = Duration.ofMillis(1_500);
    private static final int LEARNING = 105;
    private static final String STREAMED = "{\"stream\":true," + Calls.CHAT.substring(1);

    private final ScriptedProvider west = ScriptedProvider.start();
    private final Gate never = new Gate();

    @BeforeEach
    void closeTheOtherProvider() {
        closing(west);
    }

    private static Reply answer() {
        return Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]");
    }

    private Call call(OkHttpClient client) {
        return client.newCall(
                new Request.Builder().url(chatUrl()).post(Calls.json(STREAMED)).build());
    }

    private LlmProxy.Builder hedging() {
        return onAnyMachine()
                .route(Route.from(provider.url("/v1"))
                        .failover(
                                Deployment.at(provider.url("/v1")).named("east"),
                                Deployment.at(west.url("/v1")).named("west")))
                .retry(Retry.attempts(3).hedgeStreams(0.05));
    }

    private OkHttpClient learned(OkHttpClient plain) throws IOException {
        OkHttpClient client = wrapped(plain, hedging());
        provider.always(answer());
        learn(client);
        events.clear();
        return client;
    }

    private void learn(OkHttpClient client) throws IOException {
        for (int i = 0; i < LEARNING; i++) {
            try (Response response = call(client).execute()) {
                assertWhole(response.body().string());
            }
        }
    }

    private static void assertWhole(String body) {
        assertThat(body).containsOnlyOnce("n1").containsOnlyOnce("n2").containsOnlyOnce("[DONE]");
    }

    @Test
    void theOtherDeploymentAnswersAndTheFirstIsClosed() throws Exception {
        OkHttpClient client = learned(new OkHttpClient());
        provider.always(answer().afterRequest().hold(never));
        west.always(answer());
        assertWhole(Calls.inBackground(call(client)).get(2, TimeUnit.MINUTES));
        provider.awaitConnectionsOpen(0, SOON);
        assertThat(west.requests()).hasSize(1);
        HedgeEnded hedge = events.only(HedgeEnded.class);
        assertThat(hedge.result()).isEqualTo(HedgeEnded.Result.HEDGE_FIRST);
        assertThat(hedge.deployment()).isEqualTo("west");
        assertThat(hedge.delay()).isGreaterThanOrEqualTo(Duration.ofMillis(500));
        assertThat(events.only(LlmEvent.CallSucceeded.class).attempts()).isEqualTo(2);
    }

    @Test
    void ofAHundredCallsAtOnceEachGetsExactlyOneAnswer() throws Exception {
        OkHttpClient client = learned(new OkHttpClient());
        Gate gate = new Gate();
        provider.always(answer().afterRequest().hold(gate));
        west.always(answer());
        List<CompletableFuture<String>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            results.add(Calls.inBackground(call(client)));
        }
        for (int i = 0; i < 5; i++) {
            var unused = west.takeRequest(SOON);
        }
        gate.open();
        for (CompletableFuture<String> result : results) {
            assertWhole(result.get(2, TimeUnit.MINUTES));
        }
        // Five are saved up at the most, and a hundred calls pay for five more, as far as those begin after the first.
        assertThat(events.events(HedgeEnded.class)).hasSizeBetween(5, 10);
        assertThat(west.requests()).hasSameSizeAs(events.events(HedgeEnded.class));
    }

    @Test
    void whenBothAnswerAtTheSameMomentOneIsHandedOver() throws Exception {
        OkHttpClient client = learned(new OkHttpClient());
        Gate gate = new Gate();
        provider.always(answer().afterRequest().hold(gate));
        west.always(answer().afterRequest().hold(gate));
        List<CompletableFuture<String>> results = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            results.add(Calls.inBackground(call(client)));
        }
        for (int i = 0; i < 5; i++) {
            var unused = west.takeRequest(SOON);
        }
        gate.open();
        for (CompletableFuture<String> result : results) {
            assertWhole(result.get(2, TimeUnit.MINUTES));
        }
        assertThat(events.events(HedgeEnded.class))
                .hasSize(5)
                .noneMatch(hedge -> hedge.result() == HedgeEnded.Result.BOTH_FAILED);
        assertThat(events.events(LlmEvent.CallSucceeded.class)).hasSize(5).allMatch(call -> call.attempts() == 2);
    }

    @Test
    void theApplicationCancelsBoth() throws Exception {
        OkHttpClient client = learned(new OkHttpClient());
        provider.always(answer().afterRequest().hold(never));
        west.always(answer().afterRequest().hold(never));
        Call call = call(client);
        CompletableFuture<String> result = Calls.inBackground(call);
        var unused = west.takeRequest(SOON);
        call.cancel();
        assertThat(faultOf(failureOf(result)).cause()).isEqualTo(FaultCause.CANCELLED);
        provider.awaitConnectionsOpen(0, SOON);
        west.awaitConnectionsOpen(0, SOON);
    }

    @Test
    void theApplicationCancelsWhileItReads() throws Exception {
        OkHttpClient client = learned(new OkHttpClient());
        Gate reading = new Gate();
        provider.always(answer().afterRequest().hold(never));
        west.always(answer().afterEvent(1).hold(reading));
        Call call = call(client);
        try (Response response = call.execute()) {
            provider.awaitConnectionsOpen(0, SOON);
            call.cancel();
            Throwable thrown = catchThrowable(() -> response.body().string());
            assertThat(faultOf(thrown).cause()).isEqualTo(FaultCause.CANCELLED);
        }
        west.awaitConnectionsOpen(0, SOON);
    }

    @Test
    void anInterruptOfTheThreadEndsBoth() throws Exception {
        OkHttpClient client = learned(new OkHttpClient());
        provider.always(answer().afterRequest().hold(never));
        west.always(answer().afterRequest().hold(never));
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (Response response = call(client).execute()) {
                flag.completeExceptionally(new AssertionError(response.toString()));
            } catch (IOException e) {
                flag.complete(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        var unused = west.takeRequest(SOON);
        thread.interrupt();
        assertThat(flag.get(2, TimeUnit.MINUTES)).isTrue();
        assertThat(events.faults()).extracting(Fault::cause).containsOnly(FaultCause.CANCELLED);
        provider.awaitConnectionsOpen(0, SOON);
        west.awaitConnectionsOpen(0, SOON);
    }

    @Test
    void aBodyThatIsNeverClosedIsNoticed() throws Exception {
        OkHttpClient client = learned(new OkHttpClient());
        provider.always(answer().afterRequest().hold(never));
        west.always(answer().afterEvent(1).hold(never));
        drop(client);
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < 60 && !events.kinds().contains("CallCancelled"); i++) {
            System.gc();
            var unused = over.await(200, TimeUnit.MILLISECONDS);
        }
        assertThat(events.kinds()).endsWith("ResponseLeaked", "AttemptFailed", "CallCancelled");
        west.awaitConnectionsOpen(0, SOON);
    }

    private void drop(OkHttpClient client) throws IOException {
        Response response = call(client).execute();
        assertThat(response.code()).isEqualTo(200);
    }

    @Test
    void whenBothFailTheCallIsSentAgain() throws Exception {
        OkHttpClient client = learned(new OkHttpClient());
        Gate gate = new Gate();
        provider.enqueue(Reply.status(503).afterRequest().hold(gate));
        west.always(Reply.status(500));
        CompletableFuture<String> result = Calls.inBackground(call(client));
        var unused = west.takeRequest(SOON);
        gate.open();
        assertWhole(result.get(2, TimeUnit.MINUTES));
        assertThat(events.only(HedgeEnded.class).result()).isEqualTo(HedgeEnded.Result.BOTH_FAILED);
        assertThat(events.only(LlmEvent.CallSucceeded.class).attempts()).isEqualTo(3);
    }

    @Test
    void theClientsOwnTimeoutEndsBoth() throws Exception {
        OkHttpClient client =
                learned(new OkHttpClient.Builder().callTimeout(CUT).build());
        provider.always(answer().afterRequest().hold(never));
        west.always(answer().afterRequest().hold(never));
        CompletableFuture<String> result = Calls.inBackground(call(client));
        assertThat(faultOf(failureOf(result)).cause()).isEqualTo(FaultCause.CLIENT_CALL_TIMEOUT);
        provider.awaitConnectionsOpen(0, SOON);
        west.awaitConnectionsOpen(0, SOON);
    }

    @Test
    void theClientsOwnTimeoutHoldsForTheBody() throws Exception {
        OkHttpClient client =
                learned(new OkHttpClient.Builder().callTimeout(CUT).build());
        provider.always(answer().afterRequest().hold(never));
        west.always(answer().afterEvent(1).hold(never));
        CompletableFuture<String> result = Calls.inBackground(call(client));
        assertThat(faultOf(failureOf(result)).cause()).isEqualTo(FaultCause.CLIENT_CALL_TIMEOUT);
    }

    @Test
    void theClientsAuthenticatorIsAskedAsEver() throws Exception {
        OkHttpClient client = learned(new OkHttpClient.Builder()
                .authenticator((route, response) -> response.request()
                        .newBuilder()
                        .header("Authorization", "Bearer other")
                        .build())
                .build());
        provider.enqueue(Reply.status(401).header("WWW-Authenticate", "Bearer"));
        assertWhole(Calls.inBackground(call(client)).get(2, TimeUnit.MINUTES));
        assertThat(events.only(LlmEvent.CallSucceeded.class).attempts()).isEqualTo(2);
    }

    @Test
    void aClientThatTakesOnlyAnInterceptorSendsOnce() throws Exception {
        OkHttpClient client = withInterceptor(new OkHttpClient(), hedging());
        provider.always(answer());
        learn(client);
        Gate gate = new Gate();
        provider.always(answer().afterRequest().hold(gate));
        CompletableFuture<String> result = Calls.inBackground(call(client));
        gate.awaitReached(SOON);
        gate.open();
        assertWhole(result.get(2, TimeUnit.MINUTES));
        assertThat(west.requests()).isEmpty();
    }
}
