package dev.llmproxy.health;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.timeout.Timeouts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * An application in a JVM of its own that gets into trouble when it is told to, and prints what the proxy says. It reads
 * lines: {@code trouble KIND HOW_MUCH}, and {@code calls HOW_MANY PATH}, which are sent at the same
 * time, each with a number of its own in the query, and told by a line for each, {@code call ok} or {@code call CODE
 * CONFIDENCE NUMBER WAITED_SINCE EXPLANATION}. Each ends with {@code done}.
 */
public final class TroubledClient {
    private static final MediaType JSON = MediaType.get("application/json");

    // An error goes up as it is: its fault was told on the thread of the call.
    private static final ThreadLocal<Fault> LAST = new ThreadLocal<>();
    // The clock of the machine, which other processes read as well.
    private static final ThreadLocal<Long> STARTED_AT = ThreadLocal.withInitial(Ticker.system()::nanos);
    private static final ThreadLocal<Long> WAITED_SINCE = ThreadLocal.withInitial(Ticker.system()::nanos);

    private final String url;
    private final OkHttpClient client;
    private final AtomicInteger calls = new AtomicInteger();

    private TroubledClient(String url, OkHttpClient client) {
        this.url = url;
        this.client = client;
    }

    /**
     * Runs until its input ends.
     *
     * @param args the URL of the provider, and the budget for silence in milliseconds
     */
    public static void main(String[] args) throws IOException {
        Duration budget = Duration.ofMillis(Long.parseLong(args[1]));
        try (LlmProxy proxy = LlmProxy.builder()
                .timeouts(
                        Timeouts.standard().firstByte(budget).firstToken(budget).betweenBytes(budget))
                .onFault(LAST::set)
                .listener(TroubledClient::note)
                .build()) {
            Dispatcher dispatcher = new Dispatcher();
            // Each call opens a connection of its own: what cannot be opened is to be seen.
            OkHttpClient bare = new OkHttpClient.Builder()
                    .dispatcher(dispatcher)
                    .connectionPool(new ConnectionPool(args.length > 2 ? 0 : 16, 1, TimeUnit.MINUTES))
                    .build();
            TroubledClient troubled = new TroubledClient(args[0], OkHttpLlmProxy.wrap(bare, proxy));
            troubled.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        }
    }

    private void obey(BufferedReader commands) throws IOException {
        say("ready");
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("trouble")) {
                Trouble.valueOf(words[1]).begin(Integer.parseInt(words[2]));
                say("done");
            } else {
                call(Integer.parseInt(words[1]), words[2]);
            }
        }
    }

    private void call(int count, String path) {
        List<Thread> threads = new ArrayList<>();
        // The first runs here, so that one of them needs no thread.
        for (int i = 1; i < count; i++) {
            Thread thread = new Thread(() -> call(path));
            thread.start();
            threads.add(thread);
        }
        call(path);
        threads.forEach(TroubledClient::join);
        say("done");
    }

    private static void note(LlmEvent event) {
        if (event instanceof LlmEvent.AttemptStarted) {
            STARTED_AT.set(Ticker.system().nanos());
        } else if (event instanceof LlmEvent.AttemptFailed failed) {
            Duration sent = failed.times().beganAt(Phase.WAIT).orElse(Duration.ZERO);
            WAITED_SINCE.set(STARTED_AT.get() + sent.toNanos());
        }
    }

    private void call(String path) {
        int number = calls.incrementAndGet();
        boolean stream = path.endsWith("stream");
        Call call = client.newCall(new Request.Builder()
                .url(url + path + "?" + number)
                .post(RequestBody.create("{\"model\":\"m\",\"messages\":[],\"stream\":" + stream + "}", JSON))
                .build());
        try (Response response = call.execute()) {
            response.body().source().readByteString();
            say("call ok");
        } catch (IOException | OutOfMemoryError e) {
            tell(e, number);
        }
    }

    private void tell(Throwable thrown, int number) {
        try {
            Fault fault = LlmFaultException.faultOf(thrown).orElseGet(LAST::get);
            String when = number + " " + WAITED_SINCE.get() + " ";
            say(
                    fault == null
                            ? "call untold 0 " + when + thrown
                            : "call " + fault.cause().code() + " " + fault.confidence() + " " + when
                                    + fault.explain().replace('\n', '|'));
        } catch (OutOfMemoryError e) {
            // The heap is as full as that: the caller counts.
            say("call untold 0 " + number + " 0 no memory to tell");
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
