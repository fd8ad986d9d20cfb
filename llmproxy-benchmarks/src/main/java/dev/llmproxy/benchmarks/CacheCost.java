package dev.llmproxy.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A call that the cache answers, beside the least that any cache would cost: the call, a digest and a look-up. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class CacheCost {
    private final Request request = CannedAnswer.request();
    private final Cache<ByteString, String> known =
            Caffeine.newBuilder().maximumSize(1_000).build();
    private final LlmProxy proxy = LlmProxy.builder()
            .cache(ResponseCache.inMemory(1 << 20).allRequests())
            .build();
    private OkHttpClient bare = new OkHttpClient();
    private OkHttpClient cached = bare;

    /**
     * Builds the clients, and has the answer stored.
     *
     * @throws IOException never
     */
    @Setup
    public void build() throws IOException {
        bare = new OkHttpClient.Builder().addInterceptor(new CannedAnswer()).build();
        cached = OkHttpLlmProxy.install(new OkHttpClient.Builder(), proxy)
                .addInterceptor(new CannedAnswer())
                .build();
        known.put(digest(), "known");
        call(cached);
        call(cached);
        if (proxy.cache().statistics().hits() != 1) {
            throw new IllegalStateException(proxy.cache() + " (expected: a hit)");
        }
    }

    /** Closes the proxy. */
    @TearDown
    public void close() {
        proxy.close();
    }

    private ByteString digest() throws IOException {
        Buffer body = new Buffer();
        request.body().writeTo(body);
        return body.sha256();
    }

    private byte[] call(OkHttpClient client) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.body().bytes();
        }
    }

    /**
     * OkHttp's call, and beside it the digest of the request and a look-up in Caffeine.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public byte @Nullable [] least() throws IOException {
        return known.getIfPresent(digest()) == null ? null : call(bare);
    }

    /**
     * A hit.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public byte[] hit() throws IOException {
        return call(cached);
    }
}
