package dev.llmproxy.okhttp;

import dev.llmproxy.DiagnosedBy;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.testing.LeakCheck;
import dev.llmproxy.testing.ScriptedProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A provider, a proxy and a client, and what has to be true when a test is over. */
abstract class OkHttpTest {
    // The JDK's own thread behind CompletableFuture.orTimeout. What ends takes its time on a busy machine.
    @RegisterExtension
    static final LeakCheck LEAKS =
            new LeakCheck().allowingThreads("CompletableFutureDelayScheduler").within(Duration.ofSeconds(30));

    final ScriptedProvider provider = ScriptedProvider.start();
    final RecordingListener events = new RecordingListener();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        provider.close();
        events.assertBalanced();
    }

    /** Builds a proxy that does not look at this machine: one that is overloaded is the cause of many faults. */
    static LlmProxy.Builder onAnyMachine() {
        return DiagnosedBy.set(LlmProxy.builder(), ticker -> new RuleDiagnosis());
    }

    /** Returns a diagnosis of a process that, as far as it can see, ran all the time, whatever this machine does. */
    static RuleDiagnosis ofACalmProcess() {
        return new RuleDiagnosis(new FakeTicker());
    }

    LlmProxy proxy(LlmProxy.Builder builder) {
        return closing(builder.listener(events).build());
    }

    <T extends AutoCloseable> T closing(T closeable) {
        open.add(0, closeable);
        return closeable;
    }

    OkHttpClient wrapped(LlmProxy.Builder builder) {
        return wrapped(new OkHttpClient(), builder);
    }

    OkHttpClient wrapped(OkHttpClient client, LlmProxy.Builder builder) {
        OkHttpClient wrapped = OkHttpLlmProxy.wrap(client, proxy(builder));
        open.add(0, () -> Calls.release(wrapped));
        return wrapped;
    }

    OkHttpClient withInterceptor(OkHttpClient client, LlmProxy.Builder builder) {
        OkHttpClient bound = client.newBuilder()
                .addInterceptor(OkHttpLlmProxy.interceptor(proxy(builder)))
                .build();
        open.add(0, () -> Calls.release(bound));
        return bound;
    }

    String chatUrl() {
        return provider.url("/v1/chat/completions");
    }

    /** Returns the fault of a call that failed. */
    static Fault faultOf(Throwable thrown) {
        return LlmFaultException.faultOf(thrown).orElseThrow(() -> new AssertionError("no fault in it", thrown));
    }

    /** Waits for a call to fail, and returns why. */
    static Throwable failureOf(CompletableFuture<?> call) {
        try {
            throw new AssertionError(
                    "answered: " + call.orTimeout(2, TimeUnit.MINUTES).join());
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }
}
