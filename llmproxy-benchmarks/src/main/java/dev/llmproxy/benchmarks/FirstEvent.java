package dev.llmproxy.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;

/**
 * Measures through a loopback socket how much later an application has the first event of a stream than with OkHttp alone,
 * and how much memory each further event takes. Each round makes one call with each client over a connection that is
 * kept, in random order, and compares within the round; a second client of OkHttp alone shows the noise.
 *
 * <p>With each median it prints where that lies with 95 %, as far as this JVM goes, and the quartiles. Another JVM compiles
 * otherwise, and its median may lie far outside: {@link Forks} says what something costs.
 */
public final class FirstEvent {
    private static final String[] NAMES = {
        "OkHttp alone", "OkHttp alone again", "wrapped, not looking", "wrapped, strict"
    };
    private static final int NOT_LOOKING = 2;
    private static final int STRICT = 3;
    // Of so many standard deviations a normal distribution has 95 % within.
    private static final double DEVIATIONS = 1.96;
    // About as long as an answer takes over the loopback.
    private static final long WAIT_NANOS = 100_000;
    private static final int EVENTS_MORE = 10 * 197;
    private static final Ticker TICKER = Ticker.system();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final MediaType JSON = MediaType.get("application/json");
    private static final String BODY =
            "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final String url;
    private final Runnable firstEventRead;
    private final OkHttpClient[] clients;

    private FirstEvent(String url, Runnable firstEventRead, OkHttpClient... clients) {
        this.url = url;
        this.firstEventRead = firstEventRead;
        this.clients = clients;
    }

    /**
     * Prints medians and quartiles of the differences, and the memory.
     *
     * @param args the number of rounds that count, 20,000 if it is missing, and half as many go before them; {@code memory}
     *     for answers that come from memory in place of a socket, {@code spin} and {@code sleep} for those that come from
     *     there after a wait
     * @throws IOException if the loopback fails
     */
    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        if (args.length > 1) {
            CannedStream network = new CannedStream(waitOf(args[1]));
            measure(rounds, "http://127.0.0.1/v1/chat/completions", () -> {}, List.of(network));
            printLines(rounds);
            return;
        }
        try (StreamServer server = new StreamServer()) {
            measure(rounds, server.url(), server::firstEventRead, List.of());
        }
    }

    private static Runnable waitOf(String name) {
        return switch (name) {
            case "memory" -> () -> {};
            case "sleep" -> () -> TICKER.park(WAIT_NANOS);
            case "spin" ->
                () -> {
                    long start = TICKER.nanos();
                    while (TICKER.nanos() - start < WAIT_NANOS) {
                        Thread.onSpinWait();
                    }
                };
            default -> throw new IllegalArgumentException("answers: " + name + " (expected: memory, spin or sleep)");
        };
    }

    private static void measure(int rounds, String url, Runnable firstEventRead, List<Interceptor> network)
            throws IOException {
        LlmProxy off = LlmProxy.builder().integrity(Integrity.off()).build();
        LlmProxy strict = LlmProxy.builder().build();
        try {
            FirstEvent firstEvent = new FirstEvent(
                    url,
                    firstEventRead,
                    client(new OkHttpClient.Builder(), network),
                    client(new OkHttpClient.Builder(), network),
                    client(OkHttpLlmProxy.install(new OkHttpClient.Builder(), off), network),
                    client(OkHttpLlmProxy.install(new OkHttpClient.Builder(), strict), network));
            firstEvent.times(rounds / 2);
            firstEvent.print(firstEvent.times(rounds));
            if (network.isEmpty()) {
                firstEvent.printMemory(Math.max(10, rounds / 100));
            }
            firstEvent.close();
        } finally {
            off.close();
            strict.close();
        }
    }

    /** Prints what reading the lines of the whole stream takes, by which machines can be compared. */
    private static void printLines(int times) throws IOException {
        StreamScan stream = new StreamScan();
        stream.write();
        long[] nanos = new long[times];
        for (int i = 0; i < times; i++) {
            long start = TICKER.nanos();
            if (stream.readUtf8Line() == 0) {
                throw new IllegalStateException("lines: none (expected: those of the stream)");
            }
            nanos[i] = TICKER.nanos() - start;
        }
        System.out.printf("reading the lines of the stream, microseconds: %s%n", quantiles(nanos));
    }

    private static OkHttpClient client(OkHttpClient.Builder client, List<Interceptor> network) {
        network.forEach(client::addInterceptor);
        return client.build();
    }

    private long[][] times(int rounds) throws IOException {
        long[][] nanos = new long[clients.length][rounds];
        Request request = request().build();
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
        Random random = new Random(7);
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(order, random); // What ran before is felt by what runs now.
            for (int client : order) {
                nanos[client][round] = call(clients[client], request);
            }
        }
        return nanos;
    }

    private Request.Builder request() {
        return new Request.Builder().url(url).post(RequestBody.create(BODY, JSON));
    }

    /** Returns the time to the first event, and reads all others. */
    private long call(OkHttpClient client, Request request) throws IOException {
        long start = TICKER.nanos();
        try (Response response = client.newCall(request).execute()) {
            BufferedSource body = response.body().source();
            if (body.readUtf8LineStrict().isEmpty()) {
                throw new IllegalStateException("no event");
            }
            long time = TICKER.nanos() - start;
            firstEventRead.run();
            while (!body.exhausted()) {
                body.skip(body.getBuffer().size());
            }
            return time;
        }
    }

    private void print(long[][] nanos) {
        System.out.printf("%s, microseconds: %s%n", NAMES[0], quantiles(nanos[0]));
        for (int client = 1; client < clients.length; client++) {
            System.out.printf(
                    "%s, microseconds more: %s%n", NAMES[client], quantiles(differences(nanos[client], nanos[0])));
        }
        System.out.printf(
                "%s against %s, microseconds more: %s%n",
                NAMES[STRICT], NAMES[NOT_LOOKING], quantiles(differences(nanos[STRICT], nanos[NOT_LOOKING])));
    }

    private static long[] differences(long[] nanos, long[] others) {
        long[] differences = new long[nanos.length];
        for (int round = 0; round < differences.length; round++) {
            differences[round] = nanos[round] - others[round];
        }
        return differences;
    }

    private static String quantiles(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        // How many of the values are below the true median is binomial, whatever their distribution.
        int away = (int) Math.ceil(DEVIATIONS * Math.sqrt(sorted.length) / 2);
        return "%.1f (%.1f to %.1f) [%.1f to %.1f]"
                .formatted(
                        sorted[last / 2] / 1e3,
                        sorted[Math.max(0, last / 2 - away)] / 1e3,
                        sorted[Math.min(last, last / 2 + 1 + away)] / 1e3,
                        sorted[last / 4] / 1e3,
                        sorted[last * 3 / 4] / 1e3);
    }

    private void printMemory(int calls) throws IOException {
        Request shortAnswer = request().build();
        Request longAnswer = request().header("X-Long", "1").build();
        for (int client = 0; client < clients.length; client++) {
            long more = bytes(clients[client], longAnswer, calls) - bytes(clients[client], shortAnswer, calls);
            System.out.printf("%s, bytes for each event: %.2f%n", NAMES[client], (double) more / EVENTS_MORE);
        }
    }

    /** Returns how much one call allocates on its thread, at the median of several. */
    private long bytes(OkHttpClient client, Request request, int calls) throws IOException {
        long[] bytes = new long[calls];
        for (int i = 0; i < calls; i++) {
            long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            var unused = call(client, request);
            bytes[i] = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        }
        Arrays.sort(bytes);
        return bytes[calls / 2];
    }

    private void close() {
        for (OkHttpClient client : clients) {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }
}
