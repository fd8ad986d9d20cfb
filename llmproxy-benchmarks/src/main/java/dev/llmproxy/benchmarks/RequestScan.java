package dev.llmproxy.benchmarks;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.integrity.RequestCheckStage;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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

/** What it costs to look at a request before it is sent: its headers and its body, which is in memory already. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class RequestScan implements Stage.Chain {
    private static final String TURN =
            "{\"role\":\"user\",\"content\":\"A proxy decides nothing by itself.\\nIt hands on what it got \\u2014 unchanged.\"},";

    /** The length of the body in bytes, about. */
    @Param({"1500", "100000"})
    private int bytes;

    /** Whether it is a call to a model. */
    @Param({"/v1/chat/completions", "/v1/files"})
    private String path = "";

    private final RequestCheckStage stage = new RequestCheckStage(Integrity.strict());
    private final LlmResponse answer =
            LlmResponse.builder(200).body(new Buffer()).build();
    private @Nullable LlmRequest request;
    private @Nullable CallContext call;

    /**
     * Makes the request and its call.
     *
     * @throws IOException never
     */
    @Setup
    public void build() throws IOException {
        String turns = TURN.repeat(Math.max(1, bytes / TURN.length()));
        String body = "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"messages\":["
                + turns.substring(0, turns.length() - 1) + "]}";
        LlmHeaders headers = LlmHeaders.of(
                "Authorization", "Bearer sk-0123456789abcdef0123456789abcdef",
                "User-Agent", "OpenAI/Java 4.101.0",
                "Accept", "text/event-stream",
                "X-Stainless-Lang", "java",
                "X-Stainless-Runtime", "JRE",
                "X-Stainless-Runtime-Version", "17.0.15");
        request = LlmRequest.builder("POST", LlmUrl.of("https://api.openai.com" + path))
                .headers(headers)
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
        Stage keep = (asked, chain) -> {
            call = chain.call();
            request = asked;
            return answer;
        };
        try (LlmProxy proxy = LlmProxy.builder().aroundCall(keep).build()) {
            proxy.execute(request, CallOptions.none(), (sent, attempt) -> answer)
                    .close();
        }
    }

    /**
     * The check, and nothing behind it.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public LlmResponse check() throws IOException {
        return stage.handle(known(request), this);
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not built (expected: build() before)");
        }
        return value;
    }

    @Override
    public LlmResponse proceed(LlmRequest checked) {
        return answer;
    }

    @Override
    public CallContext call() {
        return known(call);
    }

    @Override
    public Attempt attempt() {
        throw new IllegalStateException("no attempt (expected: not asked for)");
    }
}
