package dev.llmproxy.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.AnomalyMetric;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.AnomalyDetected;
import dev.llmproxy.event.LlmEvent.AnomalyEnded;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnomalyWatchTest {
    private static final int WARM_UP = 220;

    private final Random random = new Random(11);
    private final FakeTicker ticker = new FakeTicker();
    private final List<LlmEvent> told = new CopyOnWriteArrayList<>();
    private final LlmProxy proxy = LlmProxy.builder()
            .ticker(ticker)
            .on(AnomalyDetected.class, told::add)
            .on(AnomalyEnded.class, told::add)
            .build();

    @AfterEach
    void close() {
        proxy.close();
    }

    private void call(LlmRequest request, FakeTransport.Answer answer) {
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), FakeTransport.answering(answer))) {
            response.body().readByteArray();
        } catch (LlmFaultException e) {
            assertThat(e.fault().confidence()).isPositive();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void calls(int count, double millis, String finish, int tokens) {
        for (int i = 0; i < count; i++) {
            call(FakeTransport.chat(), answer(millis * Math.exp(0.2 * random.nextGaussian()), finish, tokens));
            ticker.advance(Duration.ofSeconds(1));
        }
    }

    private FakeTransport.Answer answer(double millis, String finish, int tokens) {
        int varied = (int) Math.round(tokens * Math.exp(0.2 * random.nextGaussian()));
        String body = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
                + "\"finish_reason\":\"" + finish + "\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":"
                + varied
                + ",\"total_tokens\":" + (varied + 5) + "}}";
        return (request, attempt) -> {
            attempt.mark(Phase.WAIT);
            ticker.advance(Duration.ofNanos((long) (millis * 1e6)));
            return FakeTransport.json(200, body).to(request, attempt);
        };
    }

    private static AnomalyDetected detected(LlmEvent event) {
        assertThat(event).isInstanceOf(AnomalyDetected.class);
        return (AnomalyDetected) event;
    }

    @Test
    void aModelThatBecomesTwiceAsSlowIsTold() {
        calls(WARM_UP, 100, "stop", 50);
        assertThat(told).isEmpty();
        calls(15, 200, "stop", 50);
        assertThat(told).hasSize(1);
        AnomalyDetected anomaly = detected(told.get(0));
        assertThat(anomaly.metric()).isEqualTo(AnomalyMetric.FIRST_TOKEN);
        assertThat(anomaly.place()).isEqualTo("api.openai.com");
        assertThat(anomaly.model()).isEqualTo("gpt-4o");
        assertThat(anomaly.usual()).isCloseTo(0.1, within(0.01));
        assertThat(anomaly.factor()).isBetween(1.6, 2.4);
        assertThat(anomaly.calls()).isBetween(2L, 15L);
    }

    @Test
    void itIsOverWhenTheModelIsAsFastAsBefore() {
        calls(WARM_UP, 100, "stop", 50);
        calls(20, 200, "stop", 50);
        calls(150, 100, "stop", 50);
        assertThat(told).hasSize(2);
        assertThat(told.get(1)).isInstanceOfSatisfying(AnomalyEnded.class, ended -> {
            assertThat(ended.stayed()).isFalse();
            assertThat(ended.usual()).isCloseTo(0.1, within(0.01));
            assertThat(ended.lasted()).isBetween(Duration.ofSeconds(60), Duration.ofMinutes(3));
        });
    }

    @Test
    void whatStaysForHalfAnHourIsUsualThen() {
        calls(WARM_UP, 100, "stop", 50);
        calls(1_700, 300, "stop", 50);
        assertThat(told).hasSize(2);
        assertThat(told.get(1)).isInstanceOfSatisfying(AnomalyEnded.class, ended -> {
            assertThat(ended.stayed()).isTrue();
            assertThat(ended.usual()).isCloseTo(0.3, within(0.03));
        });
        told.clear();
        calls(20, 100, "stop", 50);
        assertThat(told).hasSize(1);
        assertThat(detected(told.get(0)).factor()).isLessThan(0.75);
    }

    @Test
    void longerAnswersAreTold() {
        calls(WARM_UP, 100, "stop", 50);
        calls(15, 100, "stop", 150);
        assertThat(told).hasSize(1);
        assertThat(detected(told.get(0)).metric()).isEqualTo(AnomalyMetric.OUTPUT_TOKENS);
    }

    @Test
    void anOutageIsToldAfterAFewCalls() {
        calls(WARM_UP, 100, "stop", 50);
        for (int i = 0; i < 5; i++) {
            call(FakeTransport.chat(), FakeTransport.json(500, "{\"error\":{\"message\":\"boom\"}}"));
        }
        assertThat(told).hasSize(1);
        AnomalyDetected anomaly = detected(told.get(0));
        assertThat(anomaly.metric()).isEqualTo(AnomalyMetric.ERRORS);
        assertThat(anomaly.present()).isEqualTo(1);
    }

    @Test
    void answersThatAreCutByTheirLimitAreTold() {
        calls(WARM_UP, 100, "stop", 50);
        calls(8, 100, "length", 50);
        assertThat(told).hasSize(1);
        AnomalyDetected anomaly = detected(told.get(0));
        assertThat(anomaly.metric()).isEqualTo(AnomalyMetric.TRUNCATED);
        assertThat(anomaly.present()).isEqualTo(1);
    }

    @Test
    void aSmallChangeAloneIsNotTold() {
        calls(WARM_UP, 100, "stop", 50);
        calls(200, 130, "stop", 50);
        assertThat(told).isEmpty();
    }

    @Test
    void twoSmallChangesTogetherAreTold() {
        calls(WARM_UP, 100, "stop", 50);
        calls(200, 130, "stop", 65);
        assertThat(told)
                .map(event -> detected(event).metric())
                .containsExactlyInAnyOrder(AnomalyMetric.FIRST_TOKEN, AnomalyMetric.OUTPUT_TOKENS);
    }

    @Test
    void nothingIsLearnedWhileThisProcessStoodStill() {
        AnomalyWatch watch = new AnomalyWatch(true, (from, to) -> true, told::add);
        try (LlmProxy frozen = LlmProxy.builder()
                .ticker(ticker)
                .listener(event -> watch.onEvent(event, ticker.nanos()))
                .build()) {
            for (int i = 0; i < WARM_UP + 50; i++) {
                double millis = i < WARM_UP ? 100 : 1_000;
                try (LlmResponse response = frozen.execute(
                        FakeTransport.chat(),
                        CallOptions.none(),
                        FakeTransport.answering(answer(millis, "stop", 50)))) {
                    response.body().readByteArray();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }
        assertThat(told).isEmpty();
    }

    @Test
    void endlesslyManyModelsNeedNoEndlessMemory() {
        for (int i = 0; i < 1_000; i++) {
            String body = "{\"model\":\"m" + i + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
            call(
                    FakeTransport.chat().toBuilder()
                            .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                            .build(),
                    FakeTransport.ok());
        }
        AnomalyWatch watch = new AnomalyWatch(true, (from, to) -> false, told::add);
        for (int i = 0; i < 1_000; i++) {
            watch.seriesOf(new Series.Key("host", "m" + i, false));
        }
        assertThat(watch).hasToString("watch over 256 kinds of calls");
    }

    @Test
    void manyThreadsAreHeard() throws InterruptedException {
        Series series = new Series(new Series.Key("host", "model", true));
        List<LlmEvent> heard = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 16; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 1_000; i++) {
                    series.answered(0, 0, 0, i, heard::add);
                }
                for (int i = 0; i < 10; i++) {
                    series.has(AnomalyMetric.EMPTY, 1_000 + i, heard::add);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int i = 0; i < 10; i++) {
            series.has(AnomalyMetric.EMPTY, 2_000, heard::add);
        }
        assertThat(heard).isNotEmpty().allMatch(AnomalyDetected.class::isInstance);
    }
}
