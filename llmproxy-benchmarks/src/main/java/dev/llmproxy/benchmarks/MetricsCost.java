package dev.llmproxy.benchmarks;

import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.micrometer.LlmMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the metrics of a call that is answered cost: the four events of a plain one and of a streamed one, beside one timer
 * and one counter of Micrometer, of which no fewer than eight are written for such a call.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms256m", "-Xmx256m"})
public class MetricsCost {
    private static final long CALL_NANOS = Duration.ofMillis(1_800).toNanos();

    /** Whose meters are written: Micrometer's in memory, or those for Prometheus. */
    @Param({"simple", "prometheus"})
    public String registry = "simple";

    private LlmEvent[] plain = {};
    private LlmEvent[] streamed = {};
    private LlmMetrics metrics = LlmMetrics.on(new SimpleMeterRegistry());
    private Timer timer = Timer.builder("timer").register(new SimpleMeterRegistry());
    private Counter counter = Counter.builder("counter").register(new SimpleMeterRegistry());

    /** Makes the events and the meters. */
    @Setup
    public void build() {
        MeterRegistry meters = registry.equals("simple")
                ? new SimpleMeterRegistry()
                : new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics = LlmMetrics.on(meters);
        timer = Timer.builder("timer").register(meters);
        counter = Counter.builder("counter").register(meters);
        plain = CallEvents.of(false);
        streamed = CallEvents.of(true);
    }

    private void tell(LlmEvent[] events) {
        for (LlmEvent event : events) {
            metrics.onEvent(event);
        }
    }

    /** A plain call: a gauge, a lookup for the attempt and one for the call, two timers, two summaries, three counters. */
    @Benchmark
    public void plainCall() {
        tell(plain);
    }

    /** A streamed call: two timers more. */
    @Benchmark
    public void streamedCall() {
        tell(streamed);
    }

    /** One timer of Micrometer, without buckets. */
    @Benchmark
    public void oneTimer() {
        timer.record(CALL_NANOS, TimeUnit.NANOSECONDS);
    }

    /** One counter of Micrometer. */
    @Benchmark
    public void oneCounter() {
        counter.increment();
    }
}
