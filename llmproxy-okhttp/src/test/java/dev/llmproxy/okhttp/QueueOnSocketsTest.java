package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueOnSocketsTest extends OkHttpTest {
    private static final int CALLS = 16;

    @BeforeEach
    void everyAnswerTakesATime() {
        provider.always(Reply.json(200, Calls.ANSWER).afterRequest().pause(Duration.ofMillis(150)));
    }

    private void enqueueAll(OkHttpClient client) {
        List<CompletableFuture<String>> calls = Stream.generate(() -> client.newCall(Calls.chat(chatUrl())))
                .limit(CALLS)
                .map(Calls::enqueue)
                .toList();
        calls.forEach(call -> call.orTimeout(2, TimeUnit.MINUTES).join());
    }

    private static int advised(Fault condition) {
        String setting = condition.remedies().get(0).setting().orElseThrow();
        assertThat(setting).startsWith("Dispatcher.setMaxRequestsPerHost(");
        return Integer.parseInt(setting.substring(setting.indexOf('(') + 1, setting.indexOf(')')));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void callsThatWaitInTheDispatcherAreToldAndTheRemedyEndsIt(int mostPerHost) {
        OkHttpClient client = wrapped(LlmProxy.builder());
        client.dispatcher().setMaxRequestsPerHost(mostPerHost);
        enqueueAll(client);
        Fault condition = events.only(ConditionDetected.class).condition();
        assertThat(condition.cause()).isEqualTo(FaultCause.DISPATCHER_QUEUE);
        assertThat(condition.evidence("running there")).hasValue(mostPerHost + " of " + mostPerHost);

        events.clear();
        OkHttpClient remedied = wrapped(LlmProxy.builder());
        remedied.dispatcher().setMaxRequestsPerHost(advised(condition));
        enqueueAll(remedied);
        assertThat(events.events(ConditionDetected.class)).isEmpty();
    }

    @Test
    void aClientAsItIsBoundHasRoom() {
        enqueueAll(wrapped(LlmProxy.builder()));
        assertThat(events.events(ConditionDetected.class)).isEmpty();
    }

    @Test
    void anInterceptorThatHoldsTheCallBeforeIsNoQueue() {
        CountDownLatch never = new CountDownLatch(1);
        OkHttpClient holding = new OkHttpClient.Builder()
                .addInterceptor(chain -> {
                    try {
                        var unused = never.await(300, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return chain.proceed(chain.request());
                })
                .build();
        enqueueAll(wrapped(holding, LlmProxy.builder()));
        assertThat(events.events(ConditionDetected.class)).isEmpty();
    }

    @Test
    void callsThatAreExecutedDoNotWaitInTheDispatcher() {
        OkHttpClient client = wrapped(LlmProxy.builder());
        client.dispatcher().setMaxRequestsPerHost(1);
        List<CompletableFuture<String>> calls = Stream.generate(() -> client.newCall(Calls.chat(chatUrl())))
                .limit(4)
                .map(Calls::inBackground)
                .toList();
        calls.forEach(call -> call.orTimeout(2, TimeUnit.MINUTES).join());
        assertThat(events.events(ConditionDetected.class)).isEmpty();
    }
}
