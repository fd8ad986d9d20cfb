package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.StringWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Plays every fault to every SDK, several at a time: most of them are spent waiting. */
final class SdkFaultTable implements AutoCloseable {
    private static final int AT_A_TIME = 6;

    private final OkHttpClient client = new OkHttpClient();
    private final ExecutorService players = Executors.newFixedThreadPool(AT_A_TIME, SdkFaultTable::daemon);
    private final ExecutorService applications = Executors.newCachedThreadPool(SdkFaultTable::daemon);
    private final boolean wrapped;
    private final Duration patience;

    private SdkFaultTable(boolean wrapped, Duration patience) {
        this.wrapped = wrapped;
        this.patience = patience;
    }

    /** Plays it to SDKs over a wrapped client. */
    static Map<SdkFault, Map<Sdk, Outcome>> played() throws Exception {
        try (SdkFaultTable table = new SdkFaultTable(true, Duration.ofSeconds(20))) {
            return table.play();
        }
    }

    /** Plays it to SDKs with their own client and their own timeouts, and waits for a while. */
    static Map<SdkFault, Map<Sdk, Outcome>> playedWithoutProxy(Duration patience) throws Exception {
        try (SdkFaultTable table = new SdkFaultTable(false, patience)) {
            return table.play();
        }
    }

    static Outcome outcome(Map<SdkFault, Map<Sdk, Outcome>> played, SdkFault fault, Sdk sdk) {
        return Objects.requireNonNull(
                Objects.requireNonNull(played.get(fault), "row").get(sdk), "cell");
    }

    private static Thread daemon(Runnable run) {
        Thread thread = new Thread(run, "sdk");
        thread.setDaemon(true);
        return thread;
    }

    private Map<SdkFault, Map<Sdk, Outcome>> play() throws Exception {
        warmUp();
        Map<SdkFault, Map<Sdk, Future<Outcome>>> playing = new LinkedHashMap<>();
        for (SdkFault fault : SdkFault.all()) {
            Map<Sdk, Future<Outcome>> row = new EnumMap<>(Sdk.class);
            for (Sdk sdk : Sdk.values()) {
                row.put(sdk, players.submit(() -> cell(fault, sdk)));
            }
            playing.put(fault, row);
        }
        Map<SdkFault, Map<Sdk, Outcome>> played = new LinkedHashMap<>();
        for (Map.Entry<SdkFault, Map<Sdk, Future<Outcome>>> row : playing.entrySet()) {
            Map<Sdk, Outcome> outcomes = new EnumMap<>(Sdk.class);
            for (Map.Entry<Sdk, Future<Outcome>> cell : row.getValue().entrySet()) {
                outcomes.put(cell.getKey(), cell.getValue().get());
            }
            played.put(row.getKey(), outcomes);
        }
        return played;
    }

    // What is timed below is not to pay for loading the classes of five SDKs.
    private void warmUp() throws Exception {
        for (SdkFault fault : SdkFault.all()) {
            for (Sdk sdk : fault.isSound() ? Sdk.values() : new Sdk[0]) {
                var unused = cell(fault, sdk);
            }
        }
    }

    private Outcome cell(SdkFault fault, Sdk sdk) throws Exception {
        RecordingListener events = new RecordingListener();
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .timeouts(fault.budgets())
                        .listener(events)
                        .build()) {
            provider.enqueue(fault.reply().apply(sdk.api()));
            // Some SDKs shut the executor down when they are closed.
            OkHttpClient own = client.newBuilder().dispatcher(new Dispatcher()).build();
            OkHttpClient given = wrapped ? OkHttpLlmProxy.wrap(own, proxy) : null;
            try (Talk talk = sdk.open(new Sdk.Setup(given, provider.url(), false))) {
                Outcome outcome = ended(talk, fault.streamed(), events);
                if (!provider.scriptErrors().isEmpty()) {
                    throw new AssertionError(sdk + ", " + fault + ": " + provider.scriptErrors());
                }
                if (outcome.end() != Outcome.End.NONE) {
                    events.assertBalanced();
                }
                return outcome;
            } finally {
                own.dispatcher().executorService().shutdown();
            }
        }
    }

    private Outcome ended(Talk talk, boolean streamed, RecordingListener events) throws Exception {
        StringWriter heard = new StringWriter();
        Future<?> talking = applications.submit(() -> {
            if (streamed) {
                talk.stream(heard);
            } else {
                heard.append(talk.ask());
            }
            return null;
        });
        try {
            talking.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return outcome(Outcome.End.ANSWER, heard, null, events);
        } catch (ExecutionException e) {
            Throwable thrown = e.getCause();
            boolean two = thrown instanceof LangChain4jTalk.TwoEndsException;
            return outcome(two ? Outcome.End.TWO_ENDS : Outcome.End.ERROR, heard, thrown, events);
        } catch (TimeoutException e) {
            talking.cancel(true);
            return outcome(Outcome.End.NONE, heard, null, events);
        }
    }

    private static Outcome outcome(
            Outcome.End end, StringWriter heard, @Nullable Throwable thrown, RecordingListener events) {
        List<Fault> told = events.faults();
        return new Outcome(end, heard.toString(), thrown, told);
    }

    @Override
    public void close() {
        players.shutdownNow();
        applications.shutdownNow();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
