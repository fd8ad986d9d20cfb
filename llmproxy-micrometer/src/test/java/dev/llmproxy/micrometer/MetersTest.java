package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long the meters look back. */
class MetersTest {
    private static final Duration STEP = SimpleConfig.DEFAULT.step();

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    private double highestAfter(Duration wait) {
        Timer timer = new Meters(registry).timer(LlmMeter.TIME_TO_FIRST_CHUNK, "a", "b", "c", "d", "e", "f");
        // The end of a window, the worst moment for a value to come.
        clock.add(STEP.minusMillis(1));
        timer.record(Duration.ofSeconds(2));
        clock.add(wait);
        return timer.max(TimeUnit.SECONDS);
    }

    @Test
    void theHighestValueStaysForAStep() {
        assertThat(highestAfter(STEP)).isEqualTo(2);
    }

    @Test
    void theHighestValueIsForgottenAfterTwoSteps() {
        assertThat(highestAfter(STEP.multipliedBy(2))).isZero();
    }

    @Test
    void theApplicationSaysHowFarTheyLookBack() {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return DistributionStatisticConfig.builder()
                        .bufferLength(5)
                        .build()
                        .merge(config);
            }
        });
        assertThat(highestAfter(STEP.multipliedBy(4))).isEqualTo(2);
    }
}
