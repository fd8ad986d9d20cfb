package dev.llmproxy.benchmarks;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.micrometer.LlmMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okio.ByteString;
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
    private static final long FIRST_NANOS = Duration.ofMillis(400).toNanos();

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
        plain = eventsOf(false);
        streamed = eventsOf(true);
    }

    private static LlmEvent[] eventsOf(boolean stream) {
        String body = "{\"model\":\"gpt-4o\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}";
        LlmRequest bare = LlmRequest.builder("POST", LlmUrl.of("https://api.openai.com/v1/chat/completions"))
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
        Dialect dialect = Dialect.ofRequest(bare).orElseThrow();
        LlmRequest request = bare.readBy(dialect.factsReader());
        CallInfo call = new CallInfo("b-", 1, dialect.id(), request.url().origin(), request);
        AnswerInfo answer = new AnswerInfo("chatcmpl-1", "gpt-4o-2024-08-06", "", "stop", 96, 291, 387, 64, 12);
        PhaseTimes times = PhaseTimes.of(marks(stream));
        return new LlmEvent[] {
            new LlmEvent.CallStarted(call),
            new LlmEvent.AttemptStarted(call, 1, ""),
            new LlmEvent.AttemptSucceeded(call, 1, "", call.origin(), 200, times, 0, 1_600, stream ? 200 : 0, answer),
            new LlmEvent.CallSucceeded(call, 1, 200, Duration.ofNanos(CALL_NANOS), 1_600, true, answer)
        };
    }

    private static long[] marks(boolean stream) {
        long[] marks = new long[Phase.values().length];
        marks[Phase.QUEUE.ordinal()] = 1;
        marks[Phase.FIRST_BYTE.ordinal()] = FIRST_NANOS;
        marks[Phase.FIRST_TOKEN.ordinal()] = stream ? FIRST_NANOS : 0;
        marks[Phase.END.ordinal()] = CALL_NANOS;
        return marks;
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
