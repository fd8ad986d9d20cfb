package dev.llmproxy.fake;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okio.ByteString;

/**
 * Many calls of many tenants who ask the same, on threads that ask in pairs what the other one asks. The provider tells
 * each tenant something else, so that a foreign answer shows.
 */
public final class ManyTenants {
    private static final int THREADS = 8;
    private static final int TENANTS = 200;
    private static final int QUESTIONS = 20;
    private static final int TOGETHER = 50;

    /** What reached the provider. */
    public final AtomicInteger sent = new AtomicInteger();
    /** What is no answer, or a foreign one. */
    public final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();

    private final LlmRequest[] questions = new LlmRequest[QUESTIONS];
    private final CyclicBarrier together = new CyclicBarrier(THREADS);
    private final LlmProxy proxy;

    /** Constructs them. */
    public ManyTenants(LlmProxy proxy) {
        this.proxy = proxy;
        for (int i = 0; i < QUESTIONS; i++) {
            String body =
                    "{\"model\":\"gpt-4o\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"question "
                            + i + "\"}]}";
            questions[i] = FakeTransport.chat().toBuilder()
                    .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                    .build();
        }
    }

    /** Returns how many calls there are: 100,000 in the full run, {@code -Dcache.calls=100000}. */
    public static int calls() {
        return Integer.getInteger("cache.calls", 8_000);
    }

    /** Makes so many calls. */
    public void call(int count) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            SplittableRandom random = new SplittableRandom(i / 2);
            Thread thread = new Thread(() -> run(random, count / THREADS), "tenants-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void run(SplittableRandom random, int count) {
        try {
            for (int i = 0; i < count; i++) {
                if (i % TOGETHER == 0) {
                    together.await(60, TimeUnit.SECONDS);
                }
                ask(random.nextInt(TENANTS), random.nextInt(QUESTIONS));
            }
        } catch (Exception | Error e) {
            wrong.add(e);
        }
    }

    private void ask(int tenant, int question) throws Exception {
        String own = "for " + tenant + " on " + question + "!";
        CallOptions options = CallOptions.none().tenant("t" + tenant);
        try (LlmResponse response = proxy.execute(questions[question], options, new EchoTransport(own, sent))) {
            String body = response.body().readUtf8();
            if (!body.contains('"' + own + '"')) {
                wrong.add(new AssertionError(own + ": a foreign answer: " + body));
            }
        }
    }
}
