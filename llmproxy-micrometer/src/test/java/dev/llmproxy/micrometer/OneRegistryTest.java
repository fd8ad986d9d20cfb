package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proxies that come and go, on one registry that stays. */
class OneRegistryTest {
    private static final Origin EAST = new Origin("https", "east.example", 443);
    private static final Route ROUTE = Route.from("https://llm.example/v1")
            .failover(
                    Deployment.at("https://east.example/v1").named("east"),
                    Deployment.at("https://west.example/v1").named("west"));

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    private Measured proxy() {
        return Measured.proxy(
                LlmMetrics.on(registry),
                registry,
                settings -> settings.route(ROUTE).limits(Limits.perDeployment().concurrency(3)));
    }

    private static void call(Measured app) {
        app.call(FakeTransport.chat("https://llm.example/v1/chat/completions"), app.answerAfter(Duration.ZERO));
    }

    private static double ejected(Measured app) {
        return app.value(LlmMeter.DEPLOYMENTS_EJECTED, Statistic.VALUE, "deployment", "east", "scope", "endpoint");
    }

    private static DeploymentEjected east(Duration rest) {
        return new DeploymentEjected("east", Ejects.ENDPOINT, EAST, "", FaultCause.UNAVAILABLE, 5, rest, 1);
    }

    private static void answer(LlmMetrics metrics, String model) {
        Events.ofCall("https://llm.example", model, model).forEach(metrics::onEvent);
    }

    @Test
    void callsOfEachProxyThatRunAreCounted() throws IOException {
        proxy().close();
        try (Measured app = proxy();
                LlmResponse running = app.proxy.execute(
                        FakeTransport.chat("https://llm.example/v1/chat/completions"),
                        CallOptions.none(),
                        FakeTransport.answering(app.answerAfter(Duration.ZERO)))) {
            assertThat(running.code()).isEqualTo(200);
            assertThat(app.value(LlmMeter.CALLS_ACTIVE, Statistic.VALUE)).isEqualTo(1);
        }
    }

    @Test
    void whatALaterProxyEjectsIsSeen() {
        try (Measured first = proxy()) {
            call(first);
        }
        try (Measured app = proxy()) {
            call(app);
            LlmMetrics.on(registry).onEvent(east(Duration.ofSeconds(10)));
            assertThat(ejected(app)).isEqualTo(1);
        }
    }

    @Test
    void theLimitsOfAProxyThatIsClosedAreNoneAnyMore() {
        Measured first = proxy();
        LlmMetrics.on(registry).watch(first.proxy);
        call(first);
        first.close();
        try (Measured app = proxy()) {
            LlmMetrics.on(registry).watch(app.proxy);
            call(app);
            assertThat(app.value(LlmMeter.LIMITS_MOST, Statistic.VALUE, "deployment", "east"))
                    .isEqualTo(3);
        }
    }

    @Test
    void aDeploymentThatNobodyAsksAnyMoreIsNotEjectedForEver() {
        try (Measured app = proxy()) {
            call(app);
            LlmMetrics.on(registry).onEvent(east(Duration.ofMinutes(2)));
            clock.add(Duration.ofMinutes(2));
            // Whether it answers again is only known when somebody has tried it.
            assertThat(ejected(app)).isEqualTo(1);
            clock.add(Duration.ofMinutes(5));
            assertThat(ejected(app)).isZero();
        }
    }

    @Test
    void aDeploymentThatFailsAgainRestsOn() {
        try (Measured app = proxy()) {
            call(app);
            LlmMetrics.on(registry).onEvent(east(Duration.ofMinutes(2)));
            clock.add(Duration.ofMinutes(2));
            LlmMetrics.on(registry).onEvent(east(Duration.ofMinutes(4)));
            clock.add(Duration.ofMinutes(8));
            assertThat(ejected(app)).isEqualTo(1);
            LlmMetrics.on(registry).onEvent(new DeploymentReadmitted("east", Ejects.ENDPOINT, EAST, "", Duration.ZERO));
            assertThat(ejected(app)).isZero();
        }
    }

    @Test
    void namesOfModelsAreBoundedOverAllProxies() {
        for (int proxies = 0; proxies < 5; proxies++) {
            LlmMetrics metrics = LlmMetrics.on(registry);
            for (int model = 0; model < 100; model++) {
                answer(metrics, "model-" + proxies + "-" + model);
            }
        }
        assertThat(registry.find(LlmMeter.TOKENS_CACHED.meterName()).meters()).hasSizeLessThanOrEqualTo(101);
    }

    @Test
    void namesThatAreGivenLaterAreToldApart() {
        LlmMetrics first = LlmMetrics.on(registry, List.of("first"));
        answer(first, "stranger");
        answer(LlmMetrics.on(registry, List.of("second")), "second");
        answer(first, "first");
        assertThat(registry.find(LlmMeter.TOKENS_CACHED.meterName()).meters())
                .extracting(meter -> meter.getId().getTag("model"))
                .containsExactlyInAnyOrder("other", "first", "second");
    }

    @Test
    void aRegistryThatWasClearedIsMeasuredAnew() {
        answer(LlmMetrics.on(registry), "before");
        registry.clear();
        answer(LlmMetrics.on(registry), "after");
        assertThat(registry.find(LlmMeter.TOKENS_CACHED.meterName()).meters())
                .extracting(meter -> meter.getId().getTag("model"))
                .containsExactly("after");
    }

    @Test
    void whatIsMeasuredReachesARegistryThatIsAddedLater() {
        CompositeMeterRegistry all = new CompositeMeterRegistry();
        try (Measured app = Measured.proxy(LlmMetrics.on(all), registry, settings -> settings)) {
            answer(LlmMetrics.on(all), "before");
            all.add(registry);
            app.call(FakeTransport.chat(), app.answerAfter(Duration.ZERO));
            assertThat(app.count(LlmMeter.CALLS, "outcome", "ok")).isEqualTo(1);
            assertThat(app.value(LlmMeter.CALLS_ACTIVE, Statistic.VALUE)).isZero();
            assertThat(registry.find(LlmMeter.CALLS_ACTIVE.meterName()).gauge()).isNotNull();
        }
    }
}
