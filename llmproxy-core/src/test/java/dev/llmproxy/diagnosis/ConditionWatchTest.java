package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.ClientFacts;
import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.retry.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConditionWatchTest {
    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final LlmProxy proxy = LlmProxy.builder()
            .ticker(ticker)
            .retry(Retry.attempts(3))
            .listener(events)
            .build();

    @AfterEach
    void close() {
        proxy.close();
        events.assertBalanced();
    }

    private void call(FakeTransport.Answer... answers) throws IOException {
        call(FakeTransport.chat(), answers);
    }

    private void call(LlmRequest request, FakeTransport.Answer... answers) throws IOException {
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), FakeTransport.answering(answers))) {
            response.body().readByteArray();
        }
    }

    private FakeTransport.Answer opening(Duration connect) {
        return (request, attempt) -> {
            attempt.mark(Phase.CONNECT);
            ticker.advance(connect);
            return reusing().to(request, attempt);
        };
    }

    private FakeTransport.Answer reusing() {
        return (request, attempt) -> {
            attempt.mark(Phase.SEND);
            ticker.advance(Duration.ofMillis(100));
            return FakeTransport.ok().to(request, attempt);
        };
    }

    private FakeTransport.Answer after(Duration queued, ClientFacts.Load load) {
        return (request, attempt) -> {
            attempt.client(new ClientFacts() {
                @Override
                public long queuedNanos() {
                    return queued.toNanos();
                }

                @Override
                public Optional<ClientFacts.Load> load() {
                    return Optional.of(load);
                }
            });
            return reusing().to(request, attempt);
        };
    }

    private static ClientFacts.Load running(int there, int most) {
        return new ClientFacts.Load(there, 64, there, most, 40, Duration.ofSeconds(4), 2, 0);
    }

    private List<FaultCause> causes() {
        return told().stream().map(event -> event.condition().cause()).toList();
    }

    private List<ConditionDetected> told() {
        return events.events(ConditionDetected.class);
    }

    private static FakeTransport.Answer busy() {
        return FakeTransport.json(503, "{}");
    }

    @Test
    void aConditionIsToldOnceAMinuteAndCounted() throws IOException {
        for (int i = 0; i < 601; i++) {
            call(after(Duration.ofMillis(300), running(5, 5)));
        }
        assertThat(told()).extracting(ConditionDetected::count).containsExactly(1L, 600L);
    }

    @Test
    void aQueueIsExplainedWithARemedyByLittlesLaw() throws IOException {
        call(reusing());
        call(after(Duration.ofMillis(300), running(5, 5)));
        assertThat(told().get(0).condition().explain())
                .contains("local.dispatcher-queue")
                .contains("it runs 5 at once to one host")
                .contains("waited = 300 ms")
                // 45 calls within 4 s that take 100 ms each need two at once; five are not enough as it is.
                .contains("Dispatcher.setMaxRequestsPerHost(7)")
                .contains("the provider: it had not been asked yet");
    }

    @Test
    void aBurstNeedsPlaceForAllOfIt() throws IOException {
        call(reusing());
        call(after(Duration.ofMillis(100), new ClientFacts.Load(1, 64, 1, 1, 14, Duration.ofMillis(5), 1, 0)));
        assertThat(told().get(0).condition().remedies().get(0).setting())
                .hasValue("Dispatcher.setMaxRequestsPerHost(20)");
    }

    @Test
    void theLimitOfAllHostsIsNamedWhereItIsTheOne() throws IOException {
        call(reusing());
        call(after(Duration.ofMillis(300), new ClientFacts.Load(64, 64, 10, 32, 20, Duration.ZERO, 64, 0)));
        assertThat(told().get(0).condition().remedies())
                .singleElement()
                .satisfies(remedy -> assertThat(remedy.setting()).hasValue("Dispatcher.setMaxRequests(93)"));
    }

    @Test
    void aWaitWithRoomInTheClientIsNoQueue() throws IOException {
        call(after(Duration.ofSeconds(2), running(4, 5)));
        assertThat(told()).isEmpty();
    }

    @Test
    void aShortWaitIsNoQueue() throws IOException {
        call(after(Duration.ofMillis(90), running(5, 5)));
        assertThat(told()).isEmpty();
    }

    @Test
    void aCallThatFailsMayHaveWaitedToo() throws IOException {
        call(
                (request, attempt) -> {
                    after(Duration.ofSeconds(1), running(5, 5)).to(request, attempt);
                    return busy().to(request, attempt);
                },
                FakeTransport.ok());
        assertThat(causes()).containsExactly(FaultCause.DISPATCHER_QUEUE);
        assertThat(events.faults().get(0).evidence("waited in the client's queue"))
                .hasValue("1.0 s");
        assertThat(events.faults().get(0).evidence("calls of the client")).hasValue("5 of 5 running there, 40 waiting");
    }

    @Test
    void callsThatAllOpenAConnectionAreTold() throws IOException {
        for (int i = 0; i < 30; i++) {
            call(opening(Duration.ofMillis(1)));
        }
        assertThat(causes()).containsExactly(FaultCause.CONNECTION_CHURN);
        assertThat(told().get(0).condition().summary())
                .endsWith("only 0 of 20 that came right after another reused one");
    }

    @Test
    void aConnectThatHadToBeSentAgainIsTold() throws IOException {
        call(opening(Duration.ofMillis(20)));
        call(opening(Duration.ofMillis(1_040)));
        assertThat(causes()).containsExactly(FaultCause.CONNECT_RETRANSMITS);
        assertThat(told().get(0).condition().summary()).endsWith("its first packet had to be sent 2 times");
    }

    @Test
    void retriesAtTwoLayersAreAStorm() throws IOException {
        call(busy(), busy(), busy());
        for (int i = 1; i <= 2; i++) {
            LlmRequest repeat = FakeTransport.chat().toBuilder()
                    .header("X-Stainless-Retry-Count", Integer.toString(i))
                    .build();
            call(repeat, busy(), busy(), busy());
        }
        assertThat(causes()).containsExactly(FaultCause.RETRY_STORM);
        assertThat(told().get(0).condition().explain())
                .contains("4.0 requests were sent")
                .contains("OpenAIOkHttpClient.builder().maxRetries(0)");
    }

    @Test
    void retriesAtOneLayerAreNone() throws IOException {
        for (int i = 0; i < 5; i++) {
            call(FakeTransport.chat("https://host.example/v1/chat/completions"), busy(), FakeTransport.ok());
            // Later than a layer above would repeat it.
            ticker.advance(Duration.ofSeconds(25));
        }
        assertThat(causes()).isEmpty();
    }

    @Test
    void oneNestedCallAmongManyIsNone() throws IOException {
        for (int i = 0; i < 50; i++) {
            call(reusing());
        }
        call(busy(), busy(), busy());
        call(
                FakeTransport.chat().toBuilder()
                        .header("X-Stainless-Retry-Count", "1")
                        .build(),
                busy());
        assertThat(causes()).isEmpty();
    }

    @Test
    void aClientThatFailsWhenItIsAskedFailsNoCall() throws IOException {
        call((request, attempt) -> {
            attempt.client(new ClientFacts() {
                @Override
                public long queuedNanos() {
                    throw new IllegalStateException("broken");
                }
            });
            return FakeTransport.ok().to(request, attempt);
        });
        assertThat(causes()).isEmpty();
    }
}
