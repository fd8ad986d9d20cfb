package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that are alive and bring nothing, over real connections. */
class TokenBudgetsOnSocketsTest extends OkHttpTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration OFTEN = Duration.ofMillis(40);
    private static final String STREAM = "text/event-stream";
    private static final String ROLE =
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                    + "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n";

    private OkHttpClient client(Timeouts timeouts) {
        return wrapped(LlmProxy.builder().timeouts(timeouts));
    }

    private Fault fault(OkHttpClient client) {
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            throw new AssertionError("answered: " + response.body().string());
        } catch (IOException e) {
            return faultOf(e);
        }
    }

    private static String[] times(int count, String event) {
        String[] events = new String[count];
        Arrays.fill(events, event);
        return events;
    }

    @ParameterizedTest
    @ValueSource(strings = {": ping\n\n", "event: ping\ndata: {\"type\": \"ping\"}\n\n", "\n\n", ROLE})
    void aStreamOfKeepAlivesIsNoAnswer(String keepAlive) {
        provider.enqueue(Reply.stream(STREAM, times(100, keepAlive)).eventsEvery(OFTEN));
        Fault fault = fault(client(Timeouts.standard().firstToken(SHORT)));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.KEEPALIVE_ONLY);
        assertThat(fault.evidence("ended by")).hasValue("timer firstToken = 300 ms");
        assertThat(fault.remedies().get(1).setting()).hasValue("Timeouts.firstToken(PT0.6S)");
    }

    @Test
    void aDripIsNoAnswer() {
        provider.enqueue(Reply.sse(Calls.CHUNK, "[DONE]").atByte(3).drip(OFTEN));
        assertThat(fault(client(Timeouts.standard().firstToken(SHORT))).cause()).isEqualTo(FaultCause.KEEPALIVE_ONLY);
    }

    @Test
    void keepAlivesAfterTokensAreAStall() {
        String[] events = times(100, ": ping\n\n");
        events[0] = "data: " + Calls.CHUNK + "\n\n";
        provider.enqueue(Reply.stream(STREAM, events).eventsEvery(OFTEN));
        Fault fault = fault(client(Timeouts.standard().betweenTokens(SHORT)));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.STREAM_STALLED);
        assertThat(fault.evidence("ended by")).hasValue("timer betweenTokens = 300 ms");
    }

    @Test
    void theHeadersOfAStreamAreDueBeforeItsFirstToken() {
        provider.enqueue(Reply.sse(Calls.CHUNK, "[DONE]").afterRequest().stall());
        OkHttpClient client = client(Timeouts.standard().firstToken(SHORT));
        String body = Calls.CHAT.replace("\"messages\"", "\"stream\":true,\"messages\"");
        try (Response response = client.newCall(Calls.chat(chatUrl())
                        .newBuilder()
                        .post(Calls.json(body))
                        .build())
                .execute()) {
            throw new AssertionError("answered: " + response);
        } catch (IOException e) {
            assertThat(faultOf(e).evidence("ended by")).hasValue("limit firstToken = 300 ms");
        }
    }

    @Test
    void aConsumerThatPausesIsNotHurried() throws IOException, InterruptedException {
        Gate rest = new Gate();
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(rest));
        OkHttpClient client = client(Timeouts.standard().betweenTokens(SHORT).betweenBytes(SHORT));
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.body().source().readUtf8Line()).contains("n1");
            rest.awaitReached(Duration.ofSeconds(5));
            provider.enqueue(Reply.json(200, Calls.ANSWER).afterRequest().pause(Duration.ofMillis(700)));
            // Another call takes longer than any budget of this one.
            client.newCall(Calls.chat(chatUrl())).execute().close();
            rest.open();
            assertThat(response.body().string()).contains("n2");
        }
        assertThat(events.faults()).isEmpty();
    }

    @Test
    void theFirstTokenOfAStreamIsTimed() throws IOException {
        provider.enqueue(Reply.stream(STREAM, ROLE, "data: " + Calls.LAST_CHUNK + "\n\n", "data: [DONE]\n\n")
                .afterEvent(1)
                .pause(SHORT));
        try (Response response =
                client(Timeouts.standard()).newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.body().string()).contains("n2");
        }
        LlmEvent.AttemptSucceeded end = events.only(LlmEvent.AttemptSucceeded.class);
        assertThat(end.firstToken().minus(end.firstByte())).isGreaterThan(Duration.ofMillis(200));
        assertThat(end.firstToken()).isLessThanOrEqualTo(end.duration());
    }

    @Test
    void nothingOfOursWaitsBeyondTheClientsOwnCallTimeout() throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        AtomicLong left = new AtomicLong();
        OkHttpClient client = wrapped(
                new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(7)).build(),
                LlmProxy.builder().aroundCall((request, chain) -> {
                    left.set(chain.call().deadlineAt() - chain.call().startedAt());
                    return chain.proceed(request);
                }));
        client.newCall(Calls.chat(chatUrl())).execute().close();
        assertThat(Duration.ofNanos(left.get())).isEqualTo(Duration.ofSeconds(7));
    }
}
