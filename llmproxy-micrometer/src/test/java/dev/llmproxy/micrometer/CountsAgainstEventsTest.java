package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.AttemptFailed;
import dev.llmproxy.event.LlmEvent.AttemptStarted;
import dev.llmproxy.event.LlmEvent.AttemptSucceeded;
import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import dev.llmproxy.event.LlmEvent.CacheOffered;
import dev.llmproxy.event.LlmEvent.CallCancelled;
import dev.llmproxy.event.LlmEvent.CallFailed;
import dev.llmproxy.event.LlmEvent.CallStarted;
import dev.llmproxy.event.LlmEvent.CallSucceeded;
import dev.llmproxy.event.LlmEvent.DeploymentEjected;
import dev.llmproxy.event.LlmEvent.FailedOver;
import dev.llmproxy.event.LlmEvent.FaultDetected;
import dev.llmproxy.event.LlmEvent.FindingDetected;
import dev.llmproxy.event.LlmEvent.RetryRefused;
import dev.llmproxy.event.LlmEvent.RetryScheduled;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import okio.ByteString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to calls: the metrics and the report tell as much of it as the events do. */
class CountsAgainstEventsTest {
    private static final int CALLS = 200;
    private static final String URL = "https://llm.example/v1/chat/completions";
    private static final String CUT = Measured.ANSWER.replace("\"stop\"", "\"length\"");

    private final RecordingListener events = new RecordingListener();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private Measured proxy() {
        return Measured.proxy(
                LlmMetrics.on(registry),
                registry,
                settings -> settings.retry(Retry.attempts(3))
                        .cache(ResponseCache.inMemory(1 << 20).shared().allRequests())
                        .route(Route.from("https://llm.example/v1")
                                .failover(
                                        Deployment.at("https://east.example/v1").named("east"),
                                        Deployment.at("https://west.example/v1").named("west")))
                        .listener(events));
    }

    private static LlmRequest request(SplittableRandom random, boolean streamed) {
        String body = "{\"model\":\"gpt-4o\",\"stream\":" + streamed
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + random.nextInt(40) + "\"}]}";
        return FakeTransport.chat(URL).toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    private static FakeTransport.Answer answer(
            Measured app, SplittableRandom random, boolean streamed, FakeTransport transport) {
        return switch (random.nextInt(10)) {
            case 0 -> FakeTransport.json(503, "{}");
            case 1 -> FakeTransport.json(429, "{\"error\":{\"message\":\"x\",\"code\":\"insufficient_quota\"}}");
            case 2 -> FakeTransport.failingIn(Phase.CONNECT, new ConnectException("refused"));
            case 3 -> FakeTransport.json(200, Measured.ANSWER.substring(0, random.nextInt(1, 200)));
            case 4 -> FakeTransport.json(400, "{\"error\":{\"message\":\"x\",\"type\":\"invalid_request_error\"}}");
            case 5 ->
                (request, attempt) -> {
                    transport.cancelByCaller();
                    throw new IOException("Canceled");
                };
            case 6 -> streamed ? app.streamThatIsCutAfter(random.nextInt(4)) : FakeTransport.json(200, CUT);
            default ->
                streamed
                        ? app.streamOf(5, Duration.ofMillis(50))
                        : app.answerAfter(Duration.ofMillis(random.nextInt(900)));
        };
    }

    private static void call(Measured app, SplittableRandom random) {
        boolean streamed = random.nextBoolean();
        FakeTransport transport = new FakeTransport();
        for (int i = 0; i < 3; i++) {
            transport.script(answer(app, random, streamed, transport));
        }
        try (LlmResponse response = app.proxy.execute(request(random, streamed), CallOptions.none(), transport)) {
            switch (random.nextInt(5)) {
                case 0 -> response.body().require(1);
                case 1 -> transport.cancelByCaller();
                default -> response.body().readByteString();
            }
        } catch (IOException e) {
            // Its end is what is counted.
        }
    }

    private double count(Class<? extends LlmEvent> kind) {
        return events.events(kind).size();
    }

    private double tokens(ToLongFunction<AttemptSucceeded> of) {
        return events.events(AttemptSucceeded.class).stream()
                .mapToLong(of)
                .filter(tokens -> tokens > 0)
                .sum();
    }

    private double isCancelled(boolean cancelled) {
        return events.events(AttemptFailed.class).stream()
                .filter(attempt -> (attempt.fault().cause() == FaultCause.CANCELLED) == cancelled)
                .count();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theyAddUp(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Measured app = proxy()) {
            for (int i = 0; i < CALLS; i++) {
                call(app, random);
                app.ticker.advance(Duration.ofMillis(random.nextInt(2_000)));
            }
            events.assertBalanced();
            assertThat(count(CallStarted.class)).isEqualTo(CALLS);
            assertThat(events.kinds())
                    .contains("CallSucceeded", "CallFailed", "CallCancelled", "RetryScheduled", "FailedOver");
            callsAddUp(app);
            attemptsAddUp(app);
            theRestAddsUp(app);
            theReportAddsUp(app);
        }
    }

    private void callsAddUp(Measured app) {
        assertThat(app.count(LlmMeter.CALLS, "outcome", "ok")).isEqualTo(count(CallSucceeded.class));
        assertThat(app.count(LlmMeter.CALLS, "outcome", "error")).isEqualTo(count(CallFailed.class));
        assertThat(app.count(LlmMeter.CALLS, "outcome", "cancelled")).isEqualTo(count(CallCancelled.class));
        assertThat(app.count(LlmMeter.CALLS_FAILED)).isEqualTo(count(CallFailed.class));
        assertThat(app.value(LlmMeter.CALLS_ACTIVE, Statistic.VALUE)).isZero();
    }

    private void attemptsAddUp(Measured app) {
        assertThat(app.count(LlmMeter.ATTEMPTS)).isEqualTo(count(AttemptStarted.class));
        assertThat(app.count(LlmMeter.ATTEMPTS, "outcome", "ok")).isEqualTo(count(AttemptSucceeded.class));
        assertThat(app.count(LlmMeter.ATTEMPTS, "outcome", "cancelled")).isEqualTo(isCancelled(true));
        assertThat(app.count(LlmMeter.ATTEMPTS, "outcome", "error")).isEqualTo(isCancelled(false));
        assertThat(app.count(LlmMeter.OPERATION_DURATION)).isEqualTo(count(AttemptStarted.class));
        assertThat(app.count(LlmMeter.OPERATION_DURATION, "error.type", "none"))
                .isEqualTo(count(AttemptSucceeded.class));
        assertThat(app.value(LlmMeter.TOKEN_USAGE, Statistic.TOTAL, "gen_ai.token.type", "input"))
                .isEqualTo(tokens(attempt -> attempt.answer().inputTokens()));
        assertThat(app.value(LlmMeter.TOKEN_USAGE, Statistic.TOTAL, "gen_ai.token.type", "output"))
                .isEqualTo(tokens(attempt -> attempt.answer().outputTokens()));
        assertThat(app.count(LlmMeter.TOKENS_CACHED))
                .isEqualTo(tokens(attempt -> attempt.answer().cachedTokens()));
        assertThat(app.count(LlmMeter.TOKENS_REASONING))
                .isEqualTo(tokens(attempt -> attempt.answer().reasoningTokens()));
    }

    private void theRestAddsUp(Measured app) {
        assertThat(app.count(LlmMeter.FAULTS)).isEqualTo(count(FaultDetected.class));
        assertThat(app.count(LlmMeter.RETRIES)).isEqualTo(count(RetryScheduled.class));
        assertThat(app.count(LlmMeter.RETRIES_SUPPRESSED)).isEqualTo(count(RetryRefused.class));
        assertThat(app.count(LlmMeter.FAILOVERS)).isEqualTo(count(FailedOver.class));
        assertThat(app.count(LlmMeter.FINDINGS)).isEqualTo(count(FindingDetected.class));
        assertThat(app.count(LlmMeter.CACHE_LOOKUPS)).isEqualTo(count(CacheLookedUp.class));
        assertThat(app.count(LlmMeter.CACHE_OFFERS)).isEqualTo(count(CacheOffered.class));
        assertThat(app.count(LlmMeter.DEPLOYMENTS_EJECTIONS)).isEqualTo(count(DeploymentEjected.class));
    }

    private void theReportAddsUp(Measured app) {
        var report = app.proxy.report();
        assertThat(report.counts().succeeded()).isEqualTo((long) count(CallSucceeded.class));
        assertThat(report.counts().failed()).isEqualTo((long) count(CallFailed.class));
        assertThat(report.counts().cancelled()).isEqualTo((long) count(CallCancelled.class));
        assertThat(report.calls().stream()
                        .mapToInt(call -> call.attempts().size())
                        .sum())
                .isEqualTo((int) count(AttemptStarted.class));
        double raised = events.events(FaultDetected.class).stream()
                .filter(fault -> fault.attempt() == 0 && fault.fault().cause() != FaultCause.CANCELLED)
                .count();
        assertThat(report.faults().stream().mapToLong(fault -> fault.count()).sum())
                .isEqualTo((long) (isCancelled(false) + raised));
    }
}
