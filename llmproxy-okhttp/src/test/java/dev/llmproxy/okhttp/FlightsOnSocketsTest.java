package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.cache.FlightStage;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.limit.LimitStage;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.Reply;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Equal calls that share one upstream call over real sockets. */
class FlightsOnSocketsTest extends OkHttpTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int FOLLOWERS = 199;

    private final LimitStage limits = new LimitStage(
            Limits.perDeployment().concurrency(1_000),
            Ticker.system(),
            (deployment, url) -> false,
            (cause, place, explained) -> {});
    private final FlightStage flights = new FlightStage(1 << 20, limits);
    private final Gate gate = new Gate();
    private final Gate never = new Gate();

    @BeforeEach
    void mayEndLater() {
        var unused = events.sharing();
    }

    @AfterEach
    void everyFlightIsOver() {
        flights.awaitOver();
        assertThat(limits.uses())
                .singleElement()
                .extracting(Limits.Use::running)
                .isEqualTo(0);
    }

    private OkHttpClient client() {
        return client(new OkHttpClient());
    }

    private OkHttpClient client(OkHttpClient plain) {
        return wrapped(plain, LlmProxy.builder().aroundCall(flights));
    }

    private Request plain() {
        return Calls.chat(chatUrl());
    }

    private Request streamed() {
        return Calls.streamedChat(chatUrl());
    }

    private static Reply stream() {
        return Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]");
    }

    private static void assertAll(List<CompletableFuture<String>> texts, String... parts) throws Exception {
        for (CompletableFuture<String> text : texts) {
            assertThat(text.get(2, TimeUnit.MINUTES)).contains(parts);
        }
    }

    // The leader's request has arrived when the others begin.
    private List<CompletableFuture<String>> all(OkHttpClient client, Call leader, int followers) throws Exception {
        List<CompletableFuture<String>> texts = new ArrayList<>(List.of(Calls.inBackground(leader)));
        var unused = provider.takeRequest(SOON);
        for (int i = 0; i < followers; i++) {
            texts.add(Calls.inBackground(client.newCall(leader.request())));
        }
        flights.awaitParticipants(followers);
        return texts;
    }

    @Test
    void twoHundredPlainCallsShareOne() throws Exception {
        OkHttpClient client = client();
        provider.always(Reply.json(200, Calls.ANSWER).afterRequest().hold(gate));
        List<CompletableFuture<String>> texts = all(client, client.newCall(plain()), FOLLOWERS);
        gate.open();
        assertAll(texts, Calls.ANSWER);
        assertThat(provider.requestsStarted()).isEqualTo(1);
        assertThat(flights.stored).hasSize(1);
    }

    @Test
    void twoHundredStreamsShareOne() throws Exception {
        OkHttpClient client = client();
        provider.always(stream().afterRequest().hold(gate));
        List<CompletableFuture<String>> texts = all(client, client.newCall(streamed()), FOLLOWERS);
        gate.open();
        assertAll(texts, Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]");
        assertThat(provider.requestsStarted()).isEqualTo(1);
        assertThat(flights.stored).hasSize(1);
    }

    @Test
    void callsOfTheDispatcherShareOne() throws Exception {
        OkHttpClient client = client();
        provider.always(stream().afterRequest().hold(gate));
        List<CompletableFuture<String>> texts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            texts.add(Calls.enqueue(client.newCall(streamed())));
        }
        flights.awaitParticipants(49);
        gate.open();
        assertAll(texts, Calls.CHUNK, Calls.LAST_CHUNK);
        assertThat(provider.requestsStarted()).isEqualTo(1);
    }

    @Test
    void aFirstCallThatIsCancelledBeforeTheAnswerCostsOneMore() throws Exception {
        OkHttpClient client = client();
        provider.enqueue(stream().afterRequest().hold(never));
        provider.always(stream());
        Call leader = client.newCall(streamed());
        List<CompletableFuture<String>> texts = all(client, leader, 50);
        leader.cancel();
        assertThat(faultOf(failureOf(texts.get(0))).cause()).isEqualTo(FaultCause.CANCELLED);
        assertAll(texts.subList(1, 51), Calls.CHUNK, Calls.LAST_CHUNK);
        assertThat(provider.requestsStarted()).isEqualTo(2);
    }

    @Test
    void aFirstCallThatIsCancelledAfterwardsCostsNothing() throws Exception {
        OkHttpClient client = client();
        provider.always(stream().afterEvent(1).hold(gate));
        Call leader = client.newCall(streamed());
        try (Response first = leader.execute()) {
            assertThat(first.body().source().readUtf8Line()).contains("n1");
            List<CompletableFuture<String>> others = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                others.add(Calls.inBackground(client.newCall(streamed())));
            }
            flights.awaitParticipants(21);
            leader.cancel();
            flights.awaitParticipants(20);
            Throwable thrown = catchThrowable(() -> first.body().string());
            assertThat(faultOf(thrown).cause()).isEqualTo(FaultCause.CANCELLED);
            gate.open();
            assertAll(others, Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]");
        }
        assertThat(provider.requestsStarted()).isEqualTo(1);
        assertThat(events.events(LlmEvent.AttemptSucceeded.class)).hasSize(1);
    }

    @Test
    void anUpstreamThatIsKilledIsTriedOnceMore() throws Exception {
        OkHttpClient client = client();
        provider.enqueue(stream().afterRequest().hold(gate).afterRequest().reset());
        provider.always(stream().afterRequest().reset());
        List<CompletableFuture<String>> texts = all(client, client.newCall(streamed()), FOLLOWERS);
        gate.open();
        for (CompletableFuture<String> text : texts) {
            assertThat(faultOf(failureOf(text)).cause()).isNotEqualTo(FaultCause.CANCELLED);
        }
        assertThat(provider.requestsStarted()).isLessThanOrEqualTo(2);
    }

    @Test
    void anUpstreamThatIsKilledInItsAnswerFailsAll() throws Exception {
        OkHttpClient client = client();
        provider.always(stream().afterEvent(1).hold(gate).afterEvent(1).reset());
        List<CompletableFuture<String>> texts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            texts.add(Calls.inBackground(client.newCall(streamed())));
        }
        flights.awaitParticipants(50);
        gate.open();
        for (CompletableFuture<String> text : texts) {
            assertThat(faultOf(failureOf(text)).cause()).isEqualTo(FaultCause.RESET_MID_ANSWER);
        }
        assertThat(provider.requestsStarted()).isEqualTo(1);
    }

    @Test
    void eachReadsAtItsOwnPace() throws Exception {
        OkHttpClient client = client();
        provider.always(stream().afterEvent(1).hold(gate));
        try (Response slow = client.newCall(streamed()).execute()) {
            CompletableFuture<String> fast = Calls.inBackground(client.newCall(streamed()));
            flights.awaitParticipants(2);
            gate.open();
            assertAll(List.of(fast), Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]");
            assertThat(slow.body().string()).contains(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]");
        }
        assertThat(provider.requestsStarted()).isEqualTo(1);
    }

    @Test
    void theLastToLeaveFreesTheConnection() throws Exception {
        OkHttpClient client = client();
        provider.always(stream().afterEvent(1).hold(never));
        try (Response first = client.newCall(streamed()).execute();
                Response second = client.newCall(streamed()).execute()) {
            assertThat(first.code() + second.code()).isEqualTo(400);
            assertThat(provider.connectionsOpen()).isEqualTo(1);
        }
        provider.awaitConnectionsOpen(0, SOON);
        assertThat(events.events(LlmEvent.CallCancelled.class)).hasSize(2);
    }

    @Test
    void bodiesThatAreNeverClosedAreNoticed() throws Exception {
        OkHttpClient client = client();
        provider.always(stream().afterEvent(1).hold(never));
        drop(client);
        drop(client);
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < 100 && events.events(LlmEvent.CallCancelled.class).size() < 2; i++) {
            System.gc();
            var unused = over.await(200, TimeUnit.MILLISECONDS);
        }
        assertThat(events.events(LlmEvent.ResponseLeaked.class)).hasSize(2);
        provider.awaitConnectionsOpen(0, SOON);
    }

    private void drop(OkHttpClient client) throws IOException {
        Response response = client.newCall(streamed()).execute();
        assertThat(response.code()).isEqualTo(200);
    }

    @Test
    void theClientsOwnTimeoutOfOneCallIsNotThatOfTheOthers() throws Exception {
        OkHttpClient client = client();
        OkHttpClient hurried =
                client.newBuilder().callTimeout(Duration.ofSeconds(2)).build();
        provider.always(stream().afterEvent(1).hold(gate));
        CompletableFuture<String> first = Calls.inBackground(hurried.newCall(streamed()));
        gate.awaitReached(SOON);
        try (Response second = client.newCall(streamed()).execute()) {
            flights.awaitParticipants(1);
            gate.open();
            assertThat(second.body().string()).contains("[DONE]");
        }
        assertThat(faultOf(failureOf(first)).cause()).isEqualTo(FaultCause.CLIENT_CALL_TIMEOUT);
        assertThat(provider.requestsStarted()).isEqualTo(1);
    }

    @Test
    void theClientsOwnTimeoutEndsACallThatIsAlone() throws Exception {
        OkHttpClient client = client(
                new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(2)).build());
        provider.always(stream().afterEvent(1).hold(never));
        CompletableFuture<String> call = Calls.inBackground(client.newCall(streamed()));
        assertThat(faultOf(failureOf(call)).cause()).isEqualTo(FaultCause.CLIENT_CALL_TIMEOUT);
        provider.awaitConnectionsOpen(0, SOON);
    }

    @Test
    void aRefusalThatEverybodyWouldGetIsShared() throws Exception {
        OkHttpClient client = client();
        String refusal = "{\"error\":{\"message\":\"no such model\",\"code\":\"model_not_found\"}}";
        provider.always(Reply.json(404, refusal).afterRequest().hold(gate));
        List<CompletableFuture<String>> texts = all(client, client.newCall(plain()), 20);
        gate.open();
        assertAll(texts, refusal);
        assertThat(provider.requestsStarted()).isEqualTo(1);
    }

    @Test
    void aClientThatTakesOnlyAnInterceptorSendsByItself() throws Exception {
        OkHttpClient client =
                withInterceptor(new OkHttpClient(), LlmProxy.builder().aroundCall(flights));
        provider.always(stream());
        try (Response response = client.newCall(streamed()).execute()) {
            assertThat(response.body().string()).contains("[DONE]");
        }
        assertThat(flights.hows).containsExactly("ALONE");
        assertThat(flights.stored).hasSize(1);
    }
}
