package dev.llmproxy.benchmarks;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.retry.Retry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * One call of OkHttp that is answered in memory, its body read and closed: as it is, through the whole proxy, and the
 * steps between. Timeouts are on in every step.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class CallCost {
    private final Request request = CannedAnswer.request();
    private final List<LlmProxy> proxies = new ArrayList<>();
    private OkHttpClient bare = new OkHttpClient();
    private OkHttpClient least = bare;
    private OkHttpClient interceptorOnly = bare;
    private OkHttpClient chainOnly = bare;
    private OkHttpClient withListener = bare;
    private OkHttpClient withRetries = bare;
    private OkHttpClient withCredentials = bare;
    private OkHttpClient wrapped = bare;
    private OkHttpClient strict = bare;

    /**
     * Builds the clients.
     *
     * @param heard where the listener puts the events
     */
    @Setup
    public void build(Blackhole heard) {
        build((LlmListener) heard::consume);
    }

    void build(LlmListener heard) {
        Credentials credentials = Credentials.bearer("https://api.openai.com/v1", ApiKey.of("sk-0123456789abcdef"));
        bare = client().addInterceptor(new CannedAnswer()).build();
        least = client().addInterceptor(new LeastInterceptor())
                .addInterceptor(new CannedAnswer())
                .build();
        interceptorOnly = client().addInterceptor(OkHttpLlmProxy.interceptor(built(lax())))
                .addInterceptor(new CannedAnswer())
                .build();
        chainOnly = wrapped(lax());
        withListener = wrapped(lax().listener(heard));
        withRetries = wrapped(lax().retry(Retry.attempts(3)));
        withCredentials = wrapped(lax().credentials(credentials));
        wrapped = wrapped(lax().listener(heard).credentials(credentials));
        strict = wrapped(LlmProxy.builder().listener(heard).credentials(credentials));
    }

    private static LlmProxy.Builder lax() {
        return LlmProxy.builder().integrity(Integrity.off());
    }

    private static OkHttpClient.Builder client() {
        return new OkHttpClient.Builder();
    }

    private OkHttpClient wrapped(LlmProxy.Builder proxy) {
        return OkHttpLlmProxy.install(client(), built(proxy))
                .addInterceptor(new CannedAnswer())
                .build();
    }

    private LlmProxy built(LlmProxy.Builder builder) {
        LlmProxy proxy = builder.build();
        proxies.add(proxy);
        return proxy;
    }

    /** Closes the proxies. */
    @TearDown
    public void close() {
        proxies.forEach(LlmProxy::close);
    }

    private byte[] call(OkHttpClient client) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.body().bytes();
        }
    }

    /**
     * OkHttp without us.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public byte[] bare() throws IOException {
        return call(bare);
    }

    /**
     * An interceptor that does the least: how much of the price is OkHttp's.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public byte[] least() throws IOException {
        return call(least);
    }

    /**
     * Our interceptor in a client that is otherwise not ours.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public byte[] interceptorOnly() throws IOException {
        return call(interceptorOnly);
    }

    /**
     * A bound client; nobody listens, and no credential is known.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public byte[] chainOnly() throws IOException {
        return call(chainOnly);
    }

    /**
     * A bound client with a listener of all events.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public byte[] withListener() throws IOException {
        return call(withListener);
    }

    /**
     * A bound client that would send again what fails; here nothing does.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public byte[] withRetries() throws IOException {
        return call(withRetries);
    }

    /**
     * A bound client with a credential for the origin.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public byte[] withCredentials() throws IOException {
        return call(withCredentials);
    }

    /**
     * A bound client with a listener and a credential: what the goal is set for.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public byte[] wrapped() throws IOException {
        return call(wrapped);
    }

    /**
     * The same, and the answer is looked at and kept back until it is whole: what an application gets by default.
     *
     * @return the answer
     * @throws IOException never
     */
    @Benchmark
    public byte[] strict() throws IOException {
        return call(strict);
    }
}
