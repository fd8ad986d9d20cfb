package dev.llmproxy.micrometer;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import okio.Buffer;
import okio.Okio;
import okio.Source;
import okio.Timeout;

/** A proxy that is measured, and answers that take as long as they say. */
final class Measured implements AutoCloseable {
    static final String ANSWER = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,"
            + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"content\":\"hello\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":90,"
            + "\"completion_tokens\":10,\"total_tokens\":100,\"prompt_tokens_details\":{\"cached_tokens\":64},"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":4}}}";
    private static final String EVENT = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\","
            + "\"created\":1,\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"delta\":{%s},"
            + "\"finish_reason\":%s}]}\n\n";

    final FakeTicker ticker = new FakeTicker();
    final MeterRegistry registry;
    final LlmProxy proxy;

    private Measured(MeterRegistry registry, LlmMetrics metrics, UnaryOperator<LlmProxy.Builder> settings) {
        this.registry = registry;
        this.proxy = settings.apply(LlmProxy.builder().ticker(ticker))
                .listener(metrics)
                .build();
    }

    static Measured proxy() {
        return proxy(settings -> settings);
    }

    static Measured proxy(UnaryOperator<LlmProxy.Builder> settings) {
        MeterRegistry registry = new SimpleMeterRegistry();
        return new Measured(registry, LlmMetrics.on(registry), settings);
    }

    static Measured proxy(LlmMetrics metrics, MeterRegistry registry, UnaryOperator<LlmProxy.Builder> settings) {
        return new Measured(registry, metrics, settings);
    }

    /** Makes a call, and ignores what it throws. */
    void call(LlmRequest request, FakeTransport.Answer... answers) {
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), FakeTransport.answering(answers))) {
            response.body().readAll(Okio.blackhole());
        } catch (IOException e) {
            // Its end is what is measured.
        }
    }

    /** Returns a whole answer that comes after a while. */
    FakeTransport.Answer answerAfter(Duration wait) {
        return (request, attempt) -> {
            ticker.advance(wait);
            return FakeTransport.json(200, ANSWER).to(request, attempt);
        };
    }

    /** Returns a stream of so many words and a terminator, whose events come this far apart. */
    FakeTransport.Answer streamOf(int words, Duration apart) {
        Buffer end = new Buffer().writeUtf8(EVENT.formatted("", "\"stop\"")).writeUtf8("data: [DONE]\n\n");
        return (request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                .body(Okio.buffer(new Source() {
                    private int left = words;

                    @Override
                    public long read(Buffer sink, long byteCount) {
                        left--;
                        if (left >= 0 || !end.exhausted()) {
                            ticker.advance(apart);
                        }
                        return left >= 0
                                ? new Buffer()
                                        .writeUtf8(EVENT.formatted("\"content\":\"word\"", "null"))
                                        .read(sink, Long.MAX_VALUE)
                                : end.read(sink, Long.MAX_VALUE);
                    }

                    @Override
                    public Timeout timeout() {
                        return Timeout.NONE;
                    }

                    @Override
                    public void close() {}
                }))
                .build();
    }

    /** Returns a stream that breaks behind so many words. */
    FakeTransport.Answer streamThatIsCutAfter(int words) {
        return (request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                .body(new Buffer()
                        .writeUtf8(
                                EVENT.formatted("\"content\":\"word\"", "null").repeat(words)))
                .build();
    }

    /** Returns a value of a meter, added up over all series that have these tags (name, value, and so on). */
    double value(LlmMeter meter, Statistic statistic, String... tags) {
        return registry.find(meter.meterName()).tags(tags).meters().stream()
                .mapToDouble(found -> value(found, statistic))
                .sum();
    }

    double count(LlmMeter meter, String... tags) {
        return value(meter, Statistic.COUNT, tags);
    }

    private static double value(Meter meter, Statistic statistic) {
        return StreamSupport.stream(meter.measure().spliterator(), false)
                .filter(measured -> measured.getStatistic() == statistic)
                .mapToDouble(measured -> measured.getValue())
                .sum();
    }

    @Override
    public void close() {
        proxy.close();
    }
}
