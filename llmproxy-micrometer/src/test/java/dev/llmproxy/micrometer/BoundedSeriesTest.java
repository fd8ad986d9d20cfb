package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** However many names come from outside, the number of series is bounded. */
class BoundedSeriesTest {
    private static final int CALLS = 100_000;
    private static final int NAMES = 100;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private long series(LlmMeter meter) {
        return registry.find(meter.meterName()).meters().size();
    }

    @Test
    void aHundredThousandModelsAreAHundredAndOne() {
        LlmMetrics metrics = LlmMetrics.on(registry);
        for (int i = 0; i < CALLS; i++) {
            play(metrics, "https://llm.example", "model-" + i, "model-" + i);
        }
        assertThat(series(LlmMeter.OPERATION_DURATION)).isEqualTo(NAMES + 1);
        assertThat(series(LlmMeter.TOKEN_USAGE)).isEqualTo(2 * (NAMES + 1));
        assertThat(series(LlmMeter.CALLS)).isEqualTo(3 * (NAMES + 1));
        assertThat(series(LlmMeter.ATTEMPTS)).isEqualTo(6 * (NAMES + 1));
        assertThat(registry.get("llmproxy.calls")
                        .tags("model", "other", "outcome", "ok")
                        .timer()
                        .count())
                .isEqualTo(CALLS - NAMES);
    }

    @Test
    void manyHostsAreBoundedToo() {
        LlmMetrics metrics = LlmMetrics.on(registry);
        for (int i = 0; i < CALLS / 10; i++) {
            play(metrics, "https://tenant-" + i + ".example", "gpt-4o", "gpt-4o");
        }
        assertThat(series(LlmMeter.OPERATION_DURATION)).isEqualTo(501);
        assertThat(registry.get("gen_ai.client.operation.duration")
                        .tags("server.address", "other", "gen_ai.request.model", "other")
                        .timer()
                        .count())
                .isEqualTo(CALLS / 10 - 500);
    }

    @Test
    void usersWhoChooseTheModelDoNotUseUpTheNames() {
        LlmMetrics metrics = LlmMetrics.on(registry, List.of("gpt-4o"));
        for (int i = 0; i < 1_000; i++) {
            play(metrics, "https://llm.example", "model-" + i, "model-" + i);
        }
        play(metrics, "https://llm.example", "gpt-4o", "gpt-4o-2024-08-06");
        assertThat(registry.get("llmproxy.calls")
                        .tags("model", "gpt-4o", "outcome", "ok")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(series(LlmMeter.CALLS)).isEqualTo(3 * 2);
    }

    private static void play(LlmMetrics metrics, String host, String asked, String answered) {
        Events.ofCall(host, asked, answered).forEach(metrics::onEvent);
    }
}
