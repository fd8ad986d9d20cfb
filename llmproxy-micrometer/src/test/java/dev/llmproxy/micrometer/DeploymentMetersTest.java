package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.Origin;
import dev.llmproxy.event.LlmEvent.DeploymentEjected;
import dev.llmproxy.event.LlmEvent.DeploymentReadmitted;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultCause.Ejects;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is the state of deployments, limits and the cache. */
class DeploymentMetersTest {
    private static final Deployment EAST =
            Deployment.at("https://east.example/v1").named("east");
    private static final Deployment WEST =
            Deployment.at("https://west.example/v1").named("west");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final LlmMetrics metrics = LlmMetrics.on(registry);

    private Measured routed(Limits limits) {
        return Measured.proxy(
                metrics,
                registry,
                settings -> settings.route(Route.from("https://llm.example/v1").failover(EAST, WEST))
                        .limits(limits));
    }

    private static void call(Measured app, FakeTransport.Answer answer) {
        app.call(FakeTransport.chat("https://llm.example/v1/chat/completions"), answer);
    }

    private static double ejected(Measured app, String deployment, String scope) {
        return app.value(LlmMeter.DEPLOYMENTS_EJECTED, Statistic.VALUE, "deployment", deployment, "scope", scope);
    }

    @Test
    void aDeploymentThatFailsIsEjectedUntilItIsReadmitted() {
        try (Measured app = routed(Limits.perDeployment())) {
            call(app, app.answerAfter(Duration.ZERO));
            assertThat(ejected(app, "east", "model")).isZero();
            for (int i = 0; i < 50 && ejected(app, "east", "model") == 0; i++) {
                call(app, FakeTransport.json(503, "{}"));
            }
            assertThat(ejected(app, "east", "model")).isEqualTo(1);
            assertThat(app.count(LlmMeter.DEPLOYMENTS_EJECTIONS, "deployment", "east"))
                    .isEqualTo(1);
            call(app, app.answerAfter(Duration.ZERO));
            assertThat(ejected(app, "west", "model")).isZero();
            app.ticker.advance(Duration.ofMinutes(10));
            call(app, app.answerAfter(Duration.ZERO));
            assertThat(ejected(app, "east", "model")).isZero();
        }
    }

    @Test
    void modelsAreCountedAndShareTheirOrigin() {
        try (Measured app = routed(Limits.perDeployment())) {
            call(app, app.answerAfter(Duration.ZERO));
            Origin origin = new Origin("https", "east.example", 443);
            for (String model : new String[] {"a", "b", "b"}) {
                metrics.onEvent(new DeploymentEjected(
                        "beside", Ejects.MODEL, origin, model, FaultCause.UNAVAILABLE, 5, Duration.ZERO, 1));
            }
            assertThat(ejected(app, "east", "model")).isEqualTo(2);
            assertThat(ejected(app, "east", "endpoint")).isZero();
            metrics.onEvent(new DeploymentReadmitted("beside", Ejects.MODEL, origin, "a", Duration.ZERO));
            assertThat(ejected(app, "east", "model")).isEqualTo(1);
        }
    }

    @Test
    void whatTheLimitsLetRunIsMeasuredOfAProxyThatIsWatched() throws IOException {
        try (Measured app = routed(Limits.perDeployment().concurrency(3))) {
            call(app, app.answerAfter(Duration.ZERO));
            assertThat(registry.find(LlmMeter.LIMITS_MOST.meterName()).meters()).isEmpty();
            metrics.watch(app.proxy);
            assertThat(app.value(LlmMeter.LIMITS_MOST, Statistic.VALUE, "deployment", "east"))
                    .isEqualTo(3);
            try (LlmResponse running = app.proxy.execute(
                    FakeTransport.chat("https://llm.example/v1/chat/completions"),
                    CallOptions.none(),
                    FakeTransport.answering(app.answerAfter(Duration.ZERO)))) {
                assertThat(running.code()).isEqualTo(200);
                assertThat(app.value(LlmMeter.LIMITS_RUNNING, Statistic.VALUE, "deployment", "east"))
                        .isEqualTo(1);
            }
            assertThat(app.value(LlmMeter.LIMITS_RUNNING, Statistic.VALUE)).isZero();
            assertThat(app.value(LlmMeter.LIMITS_WAITING, Statistic.VALUE)).isZero();
        }
    }

    @Test
    void withoutARouteTheHostStandsForTheDeployment() {
        try (Measured app = Measured.proxy(
                metrics,
                registry,
                settings -> settings.limits(Limits.perDeployment().concurrency(3)))) {
            metrics.watch(app.proxy);
            app.call(FakeTransport.chat(), app.answerAfter(Duration.ZERO));
            assertThat(app.value(LlmMeter.LIMITS_MOST, Statistic.VALUE, "deployment", "api.openai.com"))
                    .isEqualTo(3);
            assertThat(registry.find(LlmMeter.DEPLOYMENTS_EJECTED.meterName()).meters())
                    .isEmpty();
        }
    }

    @Test
    void waitsAreMeasuredByTheirLimit() {
        Limits limits = Limits.perDeployment().requestsPerMinute(6).queueFor(Duration.ofSeconds(30));
        try (Measured app = Measured.proxy(settings -> settings.limits(limits))) {
            app.call(FakeTransport.chat(), app.answerAfter(Duration.ZERO));
            app.call(FakeTransport.chat(), app.answerAfter(Duration.ZERO));
            assertThat(app.value(LlmMeter.LIMITS_WAITS, Statistic.TOTAL_TIME, "limit", "requests", "admitted", "true"))
                    .isCloseTo(10, within(0.1));
            assertThat(app.count(LlmMeter.LIMITS_WAITS)).isEqualTo(1);
        }
    }

    @Test
    void theCacheTellsWhereAnswersComeFrom() {
        try (Measured app = Measured.proxy(settings ->
                settings.cache(ResponseCache.inMemory(1 << 20).shared().allRequests()))) {
            app.call(FakeTransport.chat(), app.answerAfter(Duration.ZERO));
            app.call(FakeTransport.chat());
            String cut = Measured.ANSWER.replace("\"stop\"", "\"length\"");
            app.call(FakeTransport.chat("https://other.example/v1/chat/completions"), FakeTransport.json(200, cut));
            assertThat(app.count(LlmMeter.CACHE_LOOKUPS, "answered.by", "miss")).isEqualTo(2);
            assertThat(app.count(LlmMeter.CACHE_LOOKUPS, "answered.by", "hit")).isEqualTo(1);
            assertThat(app.count(LlmMeter.CACHE_OFFERS, "stored", "true")).isEqualTo(1);
            assertThat(app.count(LlmMeter.CACHE_OFFERS, "stored", "false")).isEqualTo(1);
        }
    }
}
