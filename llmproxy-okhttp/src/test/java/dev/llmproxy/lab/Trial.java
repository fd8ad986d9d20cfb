package dev.llmproxy.lab;

import dev.llmproxy.DiagnosedBy;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.diagnosis.Sight;
import dev.llmproxy.diagnosis.TroubledMachine;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.testing.Tls;
import dev.llmproxy.timeout.Adapt;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One experiment: a provider, a proxy and a client of its own, parameters by chance, and what was told. Budgets are those of
 * {@link Timeouts#standard}, scaled down so that a trial takes moments.
 */
final class Trial implements AutoCloseable {
    static final Duration SHORT = Duration.ofMillis(600);

    private final Random random;
    private final Api api;
    private final boolean streaming;
    private final boolean secure;
    private final Sight sight;
    private final @Nullable Planting planting;
    private final Told told = new Told();
    private final List<Runnable> open = new ArrayList<>();
    private LlmProxy.Builder settings = LlmProxy.builder();
    private Timeouts timeouts = Timeouts.standard();
    private OkHttpClient.Builder http = new OkHttpClient.Builder();
    private @Nullable TroubledMachine machine;
    private @Nullable EchoingProvider provider;
    private @Nullable OkHttpClient client;
    private @Nullable LlmProxy proxy;
    private @Nullable Throwable thrown;
    private final List<Throwable> allThrown = new ArrayList<>();
    private int status;

    Trial(long seed, Sight sight) {
        this(seed, sight, null);
    }

    /** Begins a trial in whose requests and answers something is planted. */
    Trial(long seed, Sight sight, @Nullable Planting planting) {
        this.sight = sight;
        this.planting = planting;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.api = Api.any(random);
        this.streaming = random.nextBoolean();
        this.secure = random.nextInt(4) == 0;
    }

    Random random() {
        return random;
    }

    Api api() {
        return api;
    }

    boolean streaming() {
        return streaming;
    }

    Told told() {
        return told;
    }

    /** Returns what the application saw thrown by the last call, or null. */
    @Nullable
    Throwable thrown() {
        return thrown;
    }

    /** Returns everything that was thrown. */
    List<Throwable> allThrown() {
        return allThrown;
    }

    /** Returns the proxy, null where no call was made. */
    @Nullable
    LlmProxy proxy() {
        return proxy;
    }

    /** Returns the body of an answer of a server that is none of the trial's own, with what is planted. */
    String planted(String body) {
        return planting == null ? body : planting.echo(body);
    }

    private EchoingProvider echoing(ScriptedProvider scripted) {
        Planting echoes = planting;
        return closing(new EchoingProvider(scripted, reply -> echoes == null ? reply : echoes.echo(reply)));
    }

    /** Returns the HTTP status of the last call, 0 where it threw before there was one. */
    int status() {
        return status;
    }

    /** Returns a time between two bounds. */
    Duration between(int fromMillis, int toMillis) {
        return Duration.ofMillis(fromMillis + random.nextInt(toMillis - fromMillis + 1));
    }

    Trial timeouts(UnaryOperator<Timeouts> change) {
        timeouts = change.apply(timeouts);
        return this;
    }

    Trial settings(UnaryOperator<LlmProxy.Builder> change) {
        settings = change.apply(settings);
        return this;
    }

    /** Runs on a machine that is in trouble. */
    void on(TroubledMachine troubled) {
        machine = troubled;
        open.add(0, troubled::release);
    }

    private LlmProxy.Builder diagnosed(LlmProxy.Builder builder) {
        TroubledMachine on = machine;
        return DiagnosedBy.set(builder, ticker -> on == null ? sight.diagnosis(ticker) : sight.diagnosis(ticker, on));
    }

    Trial http(UnaryOperator<OkHttpClient.Builder> change) {
        http = change.apply(http);
        return this;
    }

    <T extends AutoCloseable> T closing(T closeable) {
        open.add(0, () -> close(closeable));
        return closeable;
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the provider: plain HTTP, or TLS by chance. */
    EchoingProvider provider() {
        if (provider == null) {
            provider = echoing(secure ? ScriptedProvider.startTls(Tls.trusted()) : ScriptedProvider.start());
        }
        return provider;
    }

    /** Uses another provider, which has a TLS of its own. */
    EchoingProvider provider(Tls tls) {
        provider = echoing(ScriptedProvider.startTls(tls));
        return provider;
    }

    /** Uses a provider without TLS. */
    EchoingProvider plainProvider() {
        provider = echoing(ScriptedProvider.start());
        return provider;
    }

    OkHttpClient client() {
        if (client == null) {
            http.sslSocketFactory(Tls.clientContext().getSocketFactory(), Tls.clientTrust());
            proxy = closing(
                    diagnosed(settings).timeouts(timeouts).listener(told).build());
            if (planting != null) {
                http.addInterceptor(planting.disguise());
            }
            client = OkHttpLlmProxy.wrap(http.build(), proxy);
            OkHttpClient used = client;
            open.add(0, () -> {
                used.dispatcher().cancelAll();
                used.dispatcher().executorService().shutdown();
                used.connectionPool().evictAll();
            });
        }
        return client;
    }

    /** Returns a request of the trial's format. */
    Request request() {
        return api.request(provider().url(), streaming, "Why is the sky blue?");
    }

    /** Answers like this from now on, and runs the call that counts. */
    void meet(Reply reply) {
        provider().always(reply);
        call();
    }

    void call() {
        call(request());
    }

    /** Runs a call to its end. */
    void call(Request request) {
        run(client(), request);
    }

    private void run(OkHttpClient through, Request request) {
        run(through, request, response -> {
            var unused = response.body().bytes();
        });
    }

    /** Runs a call whose answer is read in a way of its own. */
    void reading(Request request, Reading reading) {
        run(client(), request, reading);
    }

    /** Reads an answer. */
    @FunctionalInterface
    interface Reading {
        void read(Response response) throws IOException;
    }

    private void run(OkHttpClient through, Request request, Reading reading) {
        told.forget();
        thrown = null;
        status = 0;
        try (Response response = through.newCall(request).execute()) {
            status = response.code();
            reading.read(response);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            thrown = e;
            allThrown.add(e);
        }
    }

    /** Runs a call through an interceptor that was added to the client later, as SDKs do. */
    void callThrough(Interceptor later) {
        callThrough(request(), later);
    }

    void callThrough(Request request, Interceptor later) {
        OkHttpClient altered = client().newBuilder().addInterceptor(later).build();
        run(altered, request);
    }

    /** Runs healthy calls one after the other, which tell what is usual. */
    void history(int calls, Duration from, Duration to) {
        for (int i = 0; i < calls; i++) {
            long nanos = from.toNanos() + (long) (random.nextDouble() * (to.toNanos() - from.toNanos()));
            provider().enqueue(healthy().afterRequest().pause(Duration.ofNanos(nanos)));
        }
        for (int i = 0; i < calls; i++) {
            call();
        }
    }

    /** Runs healthy calls at once. */
    void historyAtOnce(int calls, Duration from, Duration to) throws InterruptedException {
        for (int i = 0; i < calls; i++) {
            long nanos = from.toNanos() + (long) (random.nextDouble() * (to.toNanos() - from.toNanos()));
            provider().enqueue(healthy().afterRequest().pause(Duration.ofNanos(nanos)));
        }
        OkHttpClient shared = client();
        CountDownLatch done = new CountDownLatch(calls);
        for (int i = 0; i < calls; i++) {
            Request request = request();
            Thread thread = new Thread(() -> {
                try (Response response = shared.newCall(request).execute()) {
                    var unused = response.body().bytes();
                } catch (IOException e) {
                    // Some of them are too slow, which is what they are for.
                } finally {
                    done.countDown();
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        done.await();
    }

    /** Returns a healthy answer of the trial's format, in a framing by chance. */
    Reply healthy() {
        Reply answer = api.answer(streaming, random);
        return switch (random.nextInt(3)) {
            case 0 -> answer.chunked(1 + random.nextInt(40), 1 + random.nextInt(200));
            case 1 -> answer.gzip();
            default -> answer;
        };
    }

    /** Returns a healthy answer whose body has a declared length. */
    Reply measured() {
        return Reply.json(200, api.plain(String.join("", Api.words(random)), api.stopWord()));
    }

    /** Lets observed latency change nothing. */
    void learnNothing() {
        timeouts = timeouts.adapt(Adapt.OFF);
    }

    @Override
    public void close() {
        open.forEach(Runnable::run);
    }
}
