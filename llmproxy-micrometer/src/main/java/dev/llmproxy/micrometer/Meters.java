package dev.llmproxy.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Makes meters as the table says: the values of the tags come in their order. Thread-safe. */
final class Meters {
    private static final int BOUNDS = 14;
    // Micrometer writes each value into every window that it looks back on, three unless told, and forgets one at a
    // time. Two are the fewest with which a highest value stays for at least one step of the registry.
    private static final int WINDOWS = 2;
    private static final Duration[] SECONDS = Stream.iterate(Duration.ofMillis(10), bound -> bound.multipliedBy(2))
            .limit(BOUNDS)
            .toArray(Duration[]::new);
    private static final double[] TOKENS =
            DoubleStream.iterate(1, bound -> bound * 4).limit(BOUNDS).toArray();

    private final MeterRegistry registry;

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Returns how a constant of an enum stands in a tag. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the time that the registry goes by. */
    long nanos() {
        return registry.config().clock().monotonicTime();
    }

    Counter counter(LlmMeter meter, String... values) {
        return Counter.builder(meter.meterName())
                .description(meter.meaning())
                .tags(tags(meter, values))
                .register(registry);
    }

    Timer timer(LlmMeter meter, String... values) {
        return Timer.builder(meter.meterName())
                .description(meter.meaning())
                .tags(tags(meter, values))
                .serviceLevelObjectives(SECONDS)
                .distributionStatisticBufferLength(WINDOWS)
                .register(registry);
    }

    /** Without a base unit: Prometheus' name would get it, which OpenTelemetry leaves out where it stands in braces. */
    DistributionSummary tokens(LlmMeter meter, String... values) {
        return DistributionSummary.builder(meter.meterName())
                .description(meter.meaning())
                .tags(tags(meter, values))
                .serviceLevelObjectives(TOKENS)
                .distributionStatisticBufferLength(WINDOWS)
                .register(registry);
    }

    DistributionSummary summary(LlmMeter meter, String... values) {
        return DistributionSummary.builder(meter.meterName())
                .description(meter.meaning())
                .tags(tags(meter, values))
                .register(registry);
    }

    /** The registry holds on to what is measured. */
    <T> Gauge gauge(LlmMeter meter, T measured, ToDoubleFunction<T> value, String... values) {
        return Gauge.builder(meter.meterName(), measured, value)
                .description(meter.meaning())
                .tags(tags(meter, values))
                .strongReference(true)
                .register(registry);
    }

    private static Tags tags(LlmMeter meter, String... values) {
        List<LlmTag> keys = meter.tags();
        if (keys.size() != values.length) {
            throw new IllegalArgumentException(
                    "values: " + values.length + " (expected: " + keys.size() + ", one for each tag of " + meter + ")");
        }
        Tag[] tags = new Tag[values.length];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = Tag.of(keys.get(i).key(), values[i]);
        }
        return Tags.of(tags);
    }
}
