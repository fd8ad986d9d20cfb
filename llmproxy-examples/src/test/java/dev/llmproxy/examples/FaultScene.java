package dev.llmproxy.examples;

import dev.llmproxy.DiagnosedBy;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.testing.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A provider that fails as it is told, a client of it, and what the proxy between them says of it. */
abstract class FaultScene implements AutoCloseable {
    static final Duration SHORT = Duration.ofMillis(300);
    static final String PATH = "/v1/chat/completions";
    static final String KEY = "sk-test-0123456789abcdefghij";
    private static final MediaType JSON = MediaType.get("application/json");

    final ScriptedProvider provider = ScriptedProvider.start();
    // A machine that is busy would be told as the cause.
    final LlmProxy.Builder proxy = DiagnosedBy.set(LlmProxy.builder(), ticker -> new RuleDiagnosis());
    final OkHttpClient.Builder client = new OkHttpClient.Builder();

    private final RecordingListener events = new RecordingListener();
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable LlmProxy built;
    private @Nullable OkHttpClient wrapped;

    /** Asks the provider for a plain answer, and reads it. */
    void ask() {
        ask(chat("Why is the sky blue?"));
    }

    /** Asks the provider for a stream, and reads it. */
    void askForStream() {
        ask(streamed(PATH));
    }

    /** Sends a call and reads its answer. */
    void ask(Request.Builder request) {
        ask(wrapped().newCall(request.build()));
    }

    /** Runs a call and reads its answer. What fails is told by the proxy. */
    static void ask(Call call) {
        try (Response response = call.execute()) {
            var unused = response.body().string();
        } catch (IOException e) {
            // The listener has heard of it.
        }
    }

    /** Returns a call for a plain answer. */
    Request.Builder chat(String prompt) {
        return new Request.Builder().url(provider.url(PATH)).post(body("""
                {"model":"gpt-4o-mini","messages":[{"role":"user","content":"%s"}]}""".formatted(prompt)));
    }

    /** Returns a call for a stream. */
    Request.Builder streamed(String path) {
        return new Request.Builder().url(provider.url(path)).post(body("""
                {"model":"gpt-4o-mini","stream":true,"max_tokens":100,\
                "messages":[{"role":"user","content":"Why is the sky blue?"}]}"""));
    }

    static RequestBody body(String json) {
        return RequestBody.create(json, JSON);
    }

    /** Returns the client through the proxy, both as they are set by then. */
    OkHttpClient wrapped() {
        if (wrapped == null) {
            built = proxy.listener(events).build();
            wrapped = OkHttpLlmProxy.wrap(client.build(), built);
        }
        return wrapped;
    }

    /** Lets the client trust the certificates of the provider. */
    void trustTestCertificates() {
        client.sslSocketFactory(Tls.clientContext().getSocketFactory(), Tls.clientTrust());
    }

    /** Makes the provider the client's HTTP proxy. */
    void goThroughProvider() {
        client.proxy(
                new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), provider.port())));
    }

    /** Returns no address until the scene is over. */
    List<InetAddress> hang() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    /** Returns every cause that was told, of failures, findings and conditions. */
    Set<FaultCause> told() {
        Set<FaultCause> told = EnumSet.noneOf(FaultCause.class);
        for (LlmEvent event : events.events()) {
            if (event instanceof LlmEvent.AttemptFailed failed) {
                told.add(failed.fault().cause());
            } else if (event instanceof LlmEvent.CallFailed failed) {
                told.add(failed.fault().cause());
            } else if (event instanceof LlmEvent.FindingDetected found) {
                told.add(found.rule().cause());
            } else if (event instanceof LlmEvent.ConditionDetected found) {
                told.add(found.condition().cause());
            } else if (event instanceof LlmEvent.RetriesNested) {
                told.add(FaultCause.RETRY_STORM);
            }
        }
        return told;
    }

    /** Returns what was explained, for whoever wonders why another cause was told. */
    String explained() {
        StringBuilder text = new StringBuilder();
        events.faults().forEach(fault -> text.append(fault.explain()));
        return text.append(events.kinds()).toString();
    }

    @Override
    public void close() {
        over.countDown();
        if (wrapped != null) {
            wrapped.dispatcher().cancelAll();
            wrapped.dispatcher().executorService().shutdown();
            wrapped.connectionPool().evictAll();
        }
        if (built != null) {
            built.close();
        }
        provider.close();
    }
}
