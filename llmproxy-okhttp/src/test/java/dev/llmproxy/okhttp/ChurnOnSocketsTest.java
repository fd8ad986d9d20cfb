package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class ChurnOnSocketsTest extends OkHttpTest {
    private static final int CALLS = 25;

    private void callOneByOne(OkHttpClient client, int calls) throws IOException {
        for (int i = 0; i < calls; i++) {
            try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
                assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
            }
        }
    }

    private Fault condition() {
        Fault condition = events.only(ConditionDetected.class).condition();
        assertThat(condition.cause()).isEqualTo(FaultCause.CONNECTION_CHURN);
        return condition;
    }

    @Test
    void aServerThatClosesAfterEachAnswerIsTold() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER).header("Connection", "close"));
        callOneByOne(wrapped(LlmProxy.builder()), CALLS);
        assertThat(condition().evidence("reused one")).hasValue("0");
        assertThat(condition().evidence("answers that this side ended early")).hasValue("0");
    }

    @Test
    void aPoolThatKeepsNothingIsTold() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER));
        OkHttpClient client = new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
                .build();
        callOneByOne(wrapped(client, LlmProxy.builder()), CALLS);
        assertThat(condition().evidence("opened one")).hasValue("20");
    }

    @Test
    void aClientOfItsOwnForEachCallIsTold() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER));
        LlmProxy proxy = proxy(LlmProxy.builder());
        for (int i = 0; i < CALLS; i++) {
            OkHttpClient fresh = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            callOneByOne(fresh, 1);
            Calls.release(fresh);
        }
        assertThat(condition().remedies().get(0).action()).startsWith("share one client");
    }

    @Test
    void streamsThatAreEndedEarlyAreTheReason() throws IOException {
        Gate never = new Gate();
        provider.always(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(never));
        OkHttpClient client = wrapped(LlmProxy.builder());
        for (int i = 0; i < CALLS; i++) {
            client.newCall(Calls.chat(chatUrl())).execute().close();
        }
        assertThat(condition().remedies().get(0).action()).startsWith("read answers to their end");
    }

    @Test
    void callsThatShareAConnectionAreFine() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER));
        callOneByOne(wrapped(LlmProxy.builder()), 3 * CALLS);
        assertThat(provider.connectionsOpened()).isOne();
        assertThat(events.events(ConditionDetected.class)).isEmpty();
    }

    @Test
    void theFirstCallsSayNothing() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER).header("Connection", "close"));
        callOneByOne(wrapped(LlmProxy.builder()), 15);
        assertThat(events.events(ConditionDetected.class)).isEmpty();
    }

    @Test
    void burstsBeyondThePoolSayNothing() {
        provider.always(Reply.json(200, Calls.ANSWER));
        OkHttpClient client = wrapped(LlmProxy.builder());
        for (int burst = 0; burst < 6; burst++) {
            List<CompletableFuture<String>> calls = Stream.generate(() -> client.newCall(Calls.chat(chatUrl())))
                    .limit(24)
                    .map(Calls::inBackground)
                    .toList();
            calls.forEach(call -> call.orTimeout(2, TimeUnit.MINUTES).join());
        }
        assertThat(events.events(ConditionDetected.class)).isEmpty();
    }
}
