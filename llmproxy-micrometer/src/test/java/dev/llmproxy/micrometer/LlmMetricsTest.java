package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LlmMetricsTest {
    private static final String[] OPENAI = {
        "gen_ai.operation.name", "chat",
        "gen_ai.provider.name", "openai",
        "gen_ai.request.model", "gpt-4o",
        "gen_ai.response.model", "gpt-4o-2024-08-06",
        "server.address", "api.openai.com",
        "server.port", "443"
    };

    private static String[] and(String... more) {
        return Stream.concat(Arrays.stream(OPENAI), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void anAnswerIsMeasuredByOpenTelemetrysNames() {
        try (Measured app = Measured.proxy()) {
            app.call(FakeTransport.chat(), app.answerAfter(Duration.ofSeconds(2)));
            String[] ok = and("error.type", "none");
            assertThat(app.count(LlmMeter.OPERATION_DURATION, ok)).isEqualTo(1);
            assertThat(app.value(LlmMeter.OPERATION_DURATION, Statistic.TOTAL_TIME, ok))
                    .isCloseTo(2, within(1e-6));
            assertThat(app.value(LlmMeter.TOKEN_USAGE, Statistic.TOTAL, and("gen_ai.token.type", "input")))
                    .isEqualTo(90);
            assertThat(app.value(LlmMeter.TOKEN_USAGE, Statistic.TOTAL, and("gen_ai.token.type", "output")))
                    .isEqualTo(10);
            assertThat(app.registry
                            .find(LlmMeter.TIME_TO_FIRST_CHUNK.meterName())
                            .meters())
                    .isEmpty();
        }
    }

    @Test
    void theBucketsAreOpenTelemetrys() {
        try (Measured app = Measured.proxy()) {
            app.call(FakeTransport.chat(), app.answerAfter(Duration.ofSeconds(2)));
            Timer duration = app.registry
                    .get("gen_ai.client.operation.duration")
                    .tag("error.type", "none")
                    .timer();
            assertThat(duration.takeSnapshot().histogramCounts())
                    .extracting(CountAtBucket::bucket)
                    .startsWith(1e7, 2e7, 4e7)
                    .endsWith(2.048e10, 4.096e10, 8.192e10)
                    .hasSize(14);
            assertThat(app.registry
                            .get("gen_ai.client.token.usage")
                            .tag("gen_ai.token.type", "input")
                            .summary()
                            .takeSnapshot()
                            .histogramCounts())
                    .extracting(CountAtBucket::bucket)
                    .startsWith(1.0, 4.0, 16.0)
                    .endsWith(16_777_216.0, 67_108_864.0)
                    .hasSize(14);
        }
    }

    @Test
    void aStreamTellsItsFirstAndItsLaterChunks() {
        try (Measured app = Measured.proxy()) {
            app.call(FakeTransport.streamedChat(), app.streamOf(10, Duration.ofMillis(100)));
            assertThat(app.value(LlmMeter.TIME_TO_FIRST_CHUNK, Statistic.TOTAL_TIME, OPENAI))
                    .isCloseTo(0.1, within(1e-6));
            // Ten words, a finish reason and a terminator: the last two come together.
            assertThat(app.value(LlmMeter.TIME_PER_OUTPUT_CHUNK, Statistic.TOTAL_TIME, OPENAI))
                    .isCloseTo(1.0 / 11, within(1e-6));
        }
    }

    @Test
    void aFailureIsMeasuredByTheCodeOfItsFault() {
        try (Measured app = Measured.proxy()) {
            app.call(FakeTransport.chat(), FakeTransport.json(503, "{}"));
            assertThat(app.count(
                            LlmMeter.OPERATION_DURATION,
                            "error.type",
                            "provider.unavailable",
                            "gen_ai.response.model",
                            "none"))
                    .isEqualTo(1);
            String[] cause = {"cause", "provider.unavailable", "family", "provider", "blame", "provider"};
            assertThat(app.count(LlmMeter.FAULTS, cause)).isEqualTo(1);
            assertThat(app.count(LlmMeter.CALLS_FAILED, cause)).isEqualTo(1);
            assertThat(app.count(LlmMeter.CALLS, "outcome", "error")).isEqualTo(1);
        }
    }

    @Test
    void aFaultThatARetryHasMadeGoodFailsNoCall() {
        try (Measured app = Measured.proxy(settings -> settings.retry(Retry.attempts(3)))) {
            app.call(FakeTransport.chat(), FakeTransport.json(503, "{}"), app.answerAfter(Duration.ZERO));
            assertThat(app.count(LlmMeter.FAULTS)).isEqualTo(1);
            assertThat(app.count(LlmMeter.CALLS_FAILED)).isZero();
            assertThat(app.count(LlmMeter.RETRIES, "change", "nothing", "may.bill.twice", "false"))
                    .isEqualTo(1);
            assertThat(app.count(LlmMeter.ATTEMPTS, "kind", "first", "outcome", "error"))
                    .isEqualTo(1);
            assertThat(app.count(LlmMeter.ATTEMPTS, "kind", "repeat", "outcome", "ok"))
                    .isEqualTo(1);
            assertThat(app.count(LlmMeter.CALLS, "outcome", "ok")).isEqualTo(1);
        }
    }

    @Test
    void aRetryThatIsNotMadeTellsWhy() {
        try (Measured app = Measured.proxy(settings -> settings.retry(Retry.attempts(2)))) {
            app.call(FakeTransport.chat(), FakeTransport.json(503, "{}"), FakeTransport.json(503, "{}"));
            assertThat(app.count(LlmMeter.RETRIES_SUPPRESSED, "why", "attempts"))
                    .isEqualTo(1);
        }
    }

    @Test
    void attemptsAreMeasuredWhereTheyWereSent() {
        Deployment east =
                Deployment.at("https://east.openai.azure.com/openai/v1").named("east");
        Deployment west = Deployment.at("https://api.groq.com/openai/v1").named("west");
        try (Measured app = Measured.proxy(settings -> settings.retry(Retry.attempts(2))
                .route(Route.from("https://llm.example/v1").failover(east, west)))) {
            app.call(
                    FakeTransport.chat("https://llm.example/v1/chat/completions"),
                    FakeTransport.json(500, "{}"),
                    app.answerAfter(Duration.ZERO));
            assertThat(app.count(LlmMeter.OPERATION_DURATION, "server.address", "east.openai.azure.com"))
                    .isEqualTo(1);
            assertThat(app.count(
                            LlmMeter.OPERATION_DURATION,
                            "server.address",
                            "api.groq.com",
                            "gen_ai.provider.name",
                            "groq"))
                    .isEqualTo(1);
            assertThat(app.count(LlmMeter.ATTEMPTS, "deployment", "west", "outcome", "ok"))
                    .isEqualTo(1);
            assertThat(app.count(LlmMeter.FAILOVERS, "deployment", "east")).isEqualTo(1);
            assertThat(app.count(LlmMeter.CALLS, "host", "llm.example")).isEqualTo(1);
        }
    }

    @Test
    void partsOfTokensAreCounted() {
        try (Measured app = Measured.proxy()) {
            app.call(FakeTransport.chat(), app.answerAfter(Duration.ZERO));
            String[] tags = {"deployment", "api.openai.com", "model", "gpt-4o"};
            assertThat(app.count(LlmMeter.TOKENS_CACHED, tags)).isEqualTo(64);
            assertThat(app.count(LlmMeter.TOKENS_REASONING, tags)).isEqualTo(4);
        }
    }

    @Test
    void callsThatRunAreCounted() throws IOException {
        try (Measured app = Measured.proxy()) {
            LlmResponse running = app.proxy.execute(
                    FakeTransport.chat(), CallOptions.none(), FakeTransport.answering(app.answerAfter(Duration.ZERO)));
            assertThat(app.value(LlmMeter.CALLS_ACTIVE, Statistic.VALUE)).isEqualTo(1);
            running.close();
            assertThat(app.value(LlmMeter.CALLS_ACTIVE, Statistic.VALUE)).isZero();
        }
    }

    @Test
    void whatTheApplicationEndsIsNoError() {
        try (Measured app = Measured.proxy()) {
            FakeTransport transport = new FakeTransport();
            transport.script((request, attempt) -> {
                transport.cancelByCaller();
                throw new IOException("Canceled");
            });
            try {
                app.proxy
                        .execute(FakeTransport.chat(), CallOptions.none(), transport)
                        .close();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("cancel");
            }
            assertThat(app.count(LlmMeter.CALLS, "outcome", "cancelled")).isEqualTo(1);
            assertThat(app.count(LlmMeter.ATTEMPTS, "outcome", "cancelled")).isEqualTo(1);
            assertThat(app.count(LlmMeter.CALLS_FAILED)).isZero();
            assertThat(app.value(LlmMeter.CALLS_ACTIVE, Statistic.VALUE)).isZero();
        }
    }

    @Test
    void findingsAreCountedByRule() {
        String cut = Measured.ANSWER.replace("\"stop\"", "\"length\"");
        try (Measured app = Measured.proxy()) {
            app.call(FakeTransport.chat(), FakeTransport.json(200, cut));
            assertThat(app.count(LlmMeter.FINDINGS, "rule", "answer.finish-length", "severity", "warning"))
                    .isEqualTo(1);
        }
    }

    @Test
    void modelsAreToldApartAlsoWhereNothingElseIsLookedAt() {
        try (Measured app = Measured.proxy(settings -> settings.integrity(Integrity.off()))) {
            app.call(FakeTransport.chat(), app.answerAfter(Duration.ZERO));
            assertThat(app.count(LlmMeter.CALLS, "model", "gpt-4o")).isEqualTo(1);
            assertThat(app.count(LlmMeter.OPERATION_DURATION, "gen_ai.request.model", "gpt-4o"))
                    .isEqualTo(1);
        }
    }

    @Test
    void whatIsNoCallOfAModelIsNoOperation() {
        try (Measured app = Measured.proxy()) {
            app.call(
                    FakeTransport.chat("https://api.openai.com/v1/files"),
                    FakeTransport.failingIn(Phase.CONNECT, new ConnectException()));
            assertThat(app.registry
                            .find(LlmMeter.OPERATION_DURATION.meterName())
                            .meters())
                    .isEmpty();
            assertThat(app.count(LlmMeter.CALLS, "operation", "other", "outcome", "error"))
                    .isEqualTo(1);
        }
    }

    @Test
    void whatHasClosedListsIsThereWithZeros() {
        try (Measured app = Measured.proxy()) {
            for (LlmMeter meter : LlmMeter.values()) {
                List<Meter> found =
                        List.copyOf(app.registry.find(meter.meterName()).meters());
                assertThat(found.isEmpty()).as(meter.meterName()).isEqualTo(!meter.startsAtZero());
                assertThat(app.count(meter)).as(meter.meterName()).isZero();
            }
            assertThat(app.registry
                            .find(LlmMeter.FAULTS.meterName())
                            .tag("cause", "limit.quota")
                            .meters())
                    .hasSize(1);
        }
    }

    @Test
    void everyMeterHasTheNameTheKindAndTheTagsOfTheTable() {
        try (Measured app = Measured.proxy(settings -> settings.retry(Retry.attempts(2)))) {
            app.call(FakeTransport.chat(), FakeTransport.json(503, "{}"), app.answerAfter(Duration.ZERO));
            app.call(FakeTransport.streamedChat(), app.streamOf(3, Duration.ofMillis(5)));
            for (Meter meter : app.registry.getMeters()) {
                // The simple registry keeps each bucket as a gauge.
                if (meter.getId().getName().endsWith(".histogram")) {
                    continue;
                }
                LlmMeter known = Stream.of(LlmMeter.values())
                        .filter(each -> each.meterName().equals(meter.getId().getName()))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(meter.getId() + " is not in the table"));
                assertThat(meter.getId().getTags())
                        .extracting(Tag::getKey)
                        .as(known.meterName())
                        .containsExactlyInAnyOrderElementsOf(
                                known.tags().stream().map(LlmTag::key).toList());
                assertThat(meter.getId().getType().name())
                        .isEqualTo(
                                known.kind() == LlmMeter.Kind.SUMMARY
                                        ? "DISTRIBUTION_SUMMARY"
                                        : known.kind().name());
            }
        }
    }
}
