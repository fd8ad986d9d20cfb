package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two hundred threads on one proxy with retries, hedges, failover, keys that rotate, while calls are
 * cancelled, interrupted, closed unread and out of time, and the proxy is closed in the middle of it.
 * {@code -Dstorm.calls=50} lets each thread call as often.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StormTest extends OkHttpTest {
    private static final int THREADS = 200;
    private static final int CALLS = Integer.getInteger("storm.calls", 2);
    private static final int LEARNING = 110;
    private static final String REJECTED =
            "{\"error\":{\"message\":\"Incorrect API key provided\",\"code\":\"invalid_api_key\"}}";
    private static final String LIMITED = "{\"error\":{\"message\":\"Rate limit reached for requests\","
            + "\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}";

    private final ScriptedProvider west = ScriptedProvider.start();
    private final AtomicInteger rotation = new AtomicInteger();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final Queue<Call> doomed = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void closeTheOtherProvider() {
        closing(west);
    }

    private LlmProxy.Builder storm() {
        ApiKey first = ApiKey.from(() -> "first-" + rotation.get() % 7);
        ApiKey second = ApiKey.from(() -> "second-" + rotation.get() % 5);
        return LlmProxy.builder()
                .route(Route.from("http://llm.example/v1")
                        .failover(
                                Deployment.at(provider.url("/v1")).named("east").apiKey(first, second),
                                Deployment.at(west.url("/v1")).named("west")))
                .retry(Retry.attempts(3).hedgeStreams(0.2));
    }

    private static Reply answer() {
        return Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]");
    }

    private Reply reply(boolean refusing) {
        SplittableRandom random = new SplittableRandom(rotation.incrementAndGet());
        return switch (random.nextInt(refusing ? 0 : 3, 16)) {
            case 0 -> Reply.json(503, "{}");
            case 1 -> Reply.json(401, REJECTED);
            case 2 -> Reply.json(429, LIMITED).header("retry-after-ms", "20");
            case 3 -> answer().afterRequest().reset();
            case 4 -> answer().afterEvent(1).cut();
            case 5, 6, 7, 8 -> answer().afterRequest().pause(Duration.ofMillis(refusing ? 50 : 1_500));
            case 9 -> answer().afterEvent(1).pause(Duration.ofMillis(100));
            default -> answer();
        };
    }

    private Request request(SplittableRandom random) {
        String body = "{\"stream\":true,\"seed\":" + numbers.incrementAndGet() + "," + Calls.CHAT.substring(1);
        Request.Builder request = new Request.Builder()
                .url("http://llm.example/v1/chat/completions")
                .post(Calls.json(body));
        return switch (random.nextInt(8)) {
            case 0 ->
                request.header("X-LlmProxy-Deadline", (1 + random.nextInt(1_000)) + "ms")
                        .build();
            case 1 -> request.header("X-LlmProxy-Retry", "aggressive").build();
            case 2 -> request.header("X-LlmProxy-Retry", "off").build();
            default -> request.build();
        };
    }

    private void call(OkHttpClient client, SplittableRandom random) {
        Call call = client.newCall(request(random));
        int fate = random.nextInt(10);
        if (fate == 0) {
            doomed.add(call);
        } else if (fate == 1) {
            Thread.currentThread().interrupt();
        }
        try (Response response = call.execute()) {
            if (fate != 2) {
                var unused = response.body().string();
            }
        } catch (IOException e) {
            assertThat(e).isNotNull();
        } finally {
            var unused = Thread.interrupted();
            ended.incrementAndGet();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyCallEndsOnceAndNothingIsSentThatIsNotTold(boolean refusing) throws Exception {
        LlmProxy proxy = proxy(storm());
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        provider.always(answer());
        west.always(answer());
        SplittableRandom calm = new SplittableRandom(3);
        for (int i = 0; i < LEARNING; i++) {
            call(client, calm);
        }
        provider.answer(request -> reply(refusing));
        west.answer(request -> reply(refusing));
        CountDownLatch over = new CountDownLatch(THREADS);
        List<Thread> threads = start(client, over);
        disturb(threads, proxy, over);
        Calls.release(client);
        provider.awaitConnectionsOpen(0, Duration.ofSeconds(20));
        west.awaitConnectionsOpen(0, Duration.ofSeconds(20));
        assertThat(ended).hasValue(LEARNING + THREADS * CALLS);
        events.assertBalanced();
        assertThat(provider.requestsStarted() + west.requestsStarted())
                .isLessThanOrEqualTo(
                        events.events(LlmEvent.AttemptStarted.class).size());
    }

    private List<Thread> start(OkHttpClient client, CountDownLatch over) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            SplittableRandom random = new SplittableRandom(i);
            Thread thread = new Thread(() -> {
                try {
                    for (int call = 0; call < CALLS; call++) {
                        call(client, random);
                    }
                } finally {
                    over.countDown();
                }
            });
            threads.add(thread);
            thread.start();
        }
        return threads;
    }

    private void disturb(List<Thread> threads, LlmProxy proxy, CountDownLatch over) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(77);
        while (!over.await(random.nextInt(1, 20), TimeUnit.MILLISECONDS)) {
            for (Call call = doomed.poll(); call != null; call = doomed.poll()) {
                call.cancel();
            }
            threads.get(random.nextInt(THREADS)).interrupt();
            if (ended.get() > LEARNING + THREADS * CALLS * 3 / 4) {
                proxy.close();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
