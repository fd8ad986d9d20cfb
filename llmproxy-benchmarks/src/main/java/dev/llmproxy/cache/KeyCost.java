package dev.llmproxy.cache;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.dialect.CanonicalRequest;
import dev.llmproxy.dialect.Dialect;
import java.io.IOException;
import java.util.Optional;
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

/** What the key of a request costs, beside the SHA-256 of its body. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class KeyCost {
    private static final String LINE =
            "A proxy decides nothing by itself. It hands on what it got \u2014 unchanged, \\\"as is\\\".\\n";

    /** The length of the body in bytes, about. */
    @Param("100000")
    int bytes;

    /** How many lines a message has. */
    @Param({"1", "25"})
    int lines;

    private final Keys keys =
            new Keys(ByteString.encodeUtf8("0123456789abcdef0123456789abcdef"), false, url -> Optional.empty());
    private final LlmUrl url = LlmUrl.of("https://api.openai.com/v1/chat/completions");
    private ByteString body = ByteString.EMPTY;
    private @Nullable Dialect dialect;
    private @Nullable LlmRequest request;
    private @Nullable CallContext call;

    /**
     * Makes the request and its call.
     *
     * @throws IOException never
     */
    @Setup
    public void build() throws IOException {
        String message = "{\"role\":\"user\",\"content\":\"" + LINE.repeat(lines) + "\"},";
        String messages = message.repeat(Math.max(1, bytes / message.length()));
        body = ByteString.encodeUtf8("{\"model\":\"gpt-4o-mini\",\"temperature\":0,\"messages\":["
                + messages.substring(0, messages.length() - 1) + "]}");
        request = LlmRequest.builder("POST", url)
                .headers(LlmHeaders.of(
                        "Authorization", "Bearer sk-0123456789abcdef0123456789abcdef",
                        "User-Agent", "OpenAI/Java 4.101.0",
                        "Accept", "application/json",
                        "X-Stainless-Lang", "java"))
                .body(LlmBody.of(body, "application/json"))
                .build();
        dialect = Dialect.ofRequest(request).orElseThrow();
        LlmResponse answer = LlmResponse.builder(200).body(new Buffer()).build();
        Stage keep = (asked, chain) -> {
            call = chain.call();
            return answer;
        };
        try (LlmProxy proxy = LlmProxy.builder().aroundCall(keep).build()) {
            proxy.execute(request, CallOptions.none(), (sent, attempt) -> answer)
                    .close();
        }
    }

    /**
     * The measure.
     *
     * @return the hash
     */
    @Benchmark
    public ByteString sha256() {
        return body.sha256();
    }

    /**
     * The key of a body whose bytes were seen before.
     *
     * @return the key
     * @throws IOException never
     */
    @Benchmark
    public Object keyOfRepeatedBody() throws IOException {
        return keys.of(known(call), known(request));
    }

    /**
     * What a body costs that was not.
     *
     * @return its canonical form
     */
    @Benchmark
    public CanonicalRequest canonicalise() {
        return known(dialect).canonical(url, body);
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not built (expected: build() before)");
        }
        return value;
    }
}
