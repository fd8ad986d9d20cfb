package dev.llmproxy.okhttp;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;

/** Asks for hostile answers in a small JVM of its own, and prints what became of them. */
final class HostileClient {
    private static final long READ_AT_MOST = 80 << 20;
    private static final int FEWEST_ROUNDS = 5;
    private static final long LONG_MICROS = 1_000_000;

    private final Ticker ticker = Ticker.system();
    private final String url;
    private final OkHttpClient client;
    private long mostBuffered;

    private HostileClient(String url, OkHttpClient client) {
        this.url = url;
        this.client = client;
    }

    /**
     * Asks for each answer several times, less often where that takes long.
     *
     * @param args the URL of the provider, how often to look strictly, and how often to observe
     */
    public static void main(String[] args) {
        run(args[0], "strict", Integrity.strict(), Integer.parseInt(args[1]));
        run(args[0], "observe", Integrity.observe(), Integer.parseInt(args[2]));
        long most = peakHeap();
        System.gc();
        MemoryUsage left = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        System.out.println("heap " + left.getUsed() / 1_024 + " " + most / 1_024 + " " + left.getMax() / 1_024);
    }

    private static void run(String url, String mode, Integrity integrity, int rounds) {
        LlmProxy proxy = LlmProxy.builder().integrity(integrity).build();
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        HostileClient hostile = new HostileClient(url, client);
        for (HostileAnswer answer : HostileAnswer.values()) {
            System.out.println(mode + " " + answer + " " + hostile.ask(answer, rounds));
        }
        Calls.release(client);
        proxy.close();
    }

    private String ask(HostileAnswer answer, int rounds) {
        SortedSet<String> outcomes = new TreeSet<>();
        List<Long> micros = new ArrayList<>();
        long sum = 0;
        mostBuffered = 0;
        while (micros.size() < rounds && (micros.size() < FEWEST_ROUNDS || sum < LONG_MICROS)) {
            long start = ticker.nanos();
            outcomes.add(outcome(answer));
            micros.add((ticker.nanos() - start) / 1_000);
            sum += micros.get(micros.size() - 1);
        }
        Collections.sort(micros);
        int last = micros.size() - 1;
        return String.join(",", outcomes) + " " + micros.get(last / 2) / 1_000 + " " + micros.get(last) / 1_000 + " "
                + mostBuffered / 1_024 + " " + micros.size();
    }

    private String outcome(HostileAnswer answer) {
        boolean stream = answer.path().endsWith("?stream") || answer.path().endsWith("/api/chat");
        String body = stream ? "{\"model\":\"m\",\"stream\":true}" : "{\"model\":\"m\"}";
        Request request = new Request.Builder()
                .url(url + answer.path())
                .header("X-Hostile", answer.name())
                .post(Calls.json(body))
                .build();
        try (Response response = client.newCall(request).execute()) {
            if (response.isSuccessful()) {
                read(response.body().source());
            }
            return "passed";
        } catch (IOException e) {
            return LlmFaultException.faultOf(e)
                    .map(fault -> fault.cause().code())
                    .orElse(e.toString());
        }
    }

    private void read(BufferedSource body) throws IOException {
        long read = 0;
        while (read < READ_AT_MOST && !body.exhausted()) {
            long here = body.getBuffer().size();
            mostBuffered = Math.max(mostBuffered, here);
            body.skip(here);
            read += here;
        }
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }
}
