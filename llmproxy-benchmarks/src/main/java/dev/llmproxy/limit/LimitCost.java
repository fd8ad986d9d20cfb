package dev.llmproxy.limit;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.chain.Transport;
import dev.llmproxy.event.Phase;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
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
 * What it costs to take all that a call needs of the limits of the place that a route has chosen for it, to learn from its
 * answer, and to give it back.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class LimitCost {
    private static final String QUESTION =
            "{\"model\":\"gpt-4o\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String ANSWER = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,"
            + "\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5,\"total_tokens\":14}}";
    private static final long MANY = 10_000_000_000L;

    /** Which limits are set. */
    @Param({"concurrency", "adaptive", "requests", "tokens", "all"})
    public String kind = "all";

    private final LlmRequest request = LlmRequest.builder(
                    "POST", LlmUrl.of("https://api.openai.com/v1/chat/completions"))
            .body(LlmBody.of(ByteString.encodeUtf8(QUESTION), "application/json"))
            .build();
    private final LlmHeaders headers = LlmHeaders.of("Content-Type", "application/json");
    private final AtomicLong counter = new AtomicLong();
    private @Nullable Limiter limiter;
    private @Nullable CallContext call;
    private @Nullable Attempt attempt;

    /**
     * Makes one call, whose records are used by all.
     *
     * @throws IOException never
     */
    @Setup
    public void makeCall() throws IOException {
        Transport transport = (sent, begun) -> {
            begun.mark(Phase.SEND);
            return LlmResponse.builder(200)
                    .headers(headers)
                    .body(new Buffer().writeUtf8(ANSWER))
                    .build();
        };
        try (LlmProxy proxy = LlmProxy.builder()
                        .aroundAttempt((sent, chain) -> {
                            call = chain.call();
                            attempt = chain.attempt();
                            return chain.proceed(sent);
                        })
                        .build();
                LlmResponse response = proxy.execute(request, CallOptions.none(), transport)) {
            response.body().readByteString();
        }
        limiter = new Limiter("east", limits(), Ticker.system(), false, (cause, place, explained) -> {});
        // As if a route had just chosen the place, for which it has read the clock.
        call.choice().aimedAt("east");
        call.choice().decidedAt(Objects.requireNonNull(attempt).markedAt(Phase.END));
    }

    private Limits limits() {
        Limits none = Limits.perDeployment();
        return switch (kind) {
            case "concurrency" -> none.concurrency(64);
            case "adaptive" -> none.adaptiveConcurrency(64);
            case "requests" -> none.requestsPerMinute(MANY);
            case "tokens" -> none.tokensPerMinute(MANY);
            default -> none.adaptiveConcurrency(64).requestsPerMinute(MANY).tokensPerMinute(MANY);
        };
    }

    /**
     * Takes and gives back, and learns what the answer needed.
     *
     * @return how many tokens were set aside
     * @throws IOException never
     */
    @Benchmark
    public long takeAndGiveBack() throws IOException {
        Limiter of = Objects.requireNonNull(limiter);
        CallContext by = Objects.requireNonNull(call);
        long needed = of.acquire(by, request);
        of.release(by.info(), needed, attempt);
        return needed;
    }

    /**
     * Does the same, and learns from headers and delay of the answer how much the place can do.
     *
     * @return how many tokens were set aside
     * @throws IOException never
     */
    @Benchmark
    public long takeLearnAndGiveBack() throws IOException {
        Limiter of = Objects.requireNonNull(limiter);
        CallContext by = Objects.requireNonNull(call);
        Attempt answered = Objects.requireNonNull(attempt);
        long needed = of.acquire(by, request);
        of.answered(by.info(), headers, answered);
        of.release(by.info(), needed, answered);
        return needed;
    }

    /**
     * Counts in a number that nobody else counts in, for comparison: taking and giving back one permit is two of these.
     *
     * @return the number
     */
    @Benchmark
    public long compareAndSet() {
        long known = counter.get();
        counter.compareAndSet(known, known + 1);
        return known;
    }

    /**
     * Reads the clock, for comparison.
     *
     * @return the time
     */
    @Benchmark
    public long readClock() {
        return Ticker.system().nanos();
    }
}
