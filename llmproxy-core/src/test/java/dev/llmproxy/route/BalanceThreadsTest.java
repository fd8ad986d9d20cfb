package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads over deployments of which some fail for a while. */
@Timeout(300)
class BalanceThreadsTest {
    private static final int THREADS = 16;
    private static final int CALLS = 150;
    private static final Duration EVER = Duration.ofHours(1);
    private static final String URL = BalancedCalls.BASE + "/chat/completions";

    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();

    private void call(LlmProxy proxy, Random random) throws IOException {
        FakeTransport transport = new FakeTransport();
        for (int i = 0; i < 4; i++) {
            transport.script((request, attempt) -> {
                boolean isBad = isBad(request.url().host(), random);
                return (isBad ? FakeTransport.json(500, "{}") : FakeTransport.ok()).to(request, attempt);
            });
        }
        // No two are alike: a layer above would be taken for who repeats them.
        String body = BalancedCalls.body("gpt-4o", "call " + calls.incrementAndGet());
        LlmRequest request = FakeTransport.chat(URL).toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), transport)) {
            answered.addAndGet(response.isSuccessful() ? 1 : 0);
            if (random.nextBoolean()) {
                response.body().readByteString();
            }
        }
        ticker.advance(Duration.ofMillis(20));
    }

    private boolean isBad(String host, Random random) {
        sent.incrementAndGet();
        return host.startsWith("a.") || (host.startsWith("b.") && random.nextInt(2) == 0);
    }

    private List<String> ejected() {
        return events.events(LlmEvent.DeploymentEjected.class).stream()
                .map(LlmEvent.DeploymentEjected::deployment)
                .toList();
    }

    @Test
    void everyCallIsAnsweredAndNothingIsLeftInFlight() throws Exception {
        Route route = Route.from(BalancedCalls.BASE)
                .balance(BalancedCalls.at("a"), BalancedCalls.at("b"), BalancedCalls.at("c"), BalancedCalls.at("d"));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (LlmProxy proxy = LlmProxy.builder()
                .route(route)
                .retry(Retry.attempts(4).budget(1).within(EVER))
                // All threads let the time pass: much of it for one that the machine stops in the middle of an attempt.
                .timeouts(Timeouts.standard()
                        .dns(EVER)
                        .connect(EVER)
                        .tls(EVER)
                        .upload(EVER)
                        .betweenBytes(EVER)
                        .betweenTokens(EVER))
                .ticker(ticker)
                .listener(events)
                .build()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                all.add(threads.submit(() -> {
                    for (int call = 0; call < CALLS; call++) {
                        call(proxy, random);
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get(100, TimeUnit.SECONDS);
            }
            // What has failed is kept away from for half a minute each time: until now it may have failed too seldom.
            Random random = new Random(THREADS);
            for (int i = 0; i < 1_000 && !ejected().contains("a"); i++) {
                ticker.advance(Duration.ofSeconds(1));
                call(proxy, random);
            }
            assertThat(ejected()).contains("a").doesNotContain("c", "d");
            // Sixteen that fail at the same time are more than may be repeated before one was answered elsewhere.
            List<LlmEvent.RetryRefused> refused = events.events(LlmEvent.RetryRefused.class);
            assertThat(refused).extracting(LlmEvent.RetryRefused::why).isSubsetOf(LlmEvent.RetryRefused.Why.BUDGET);
            assertThat(refused).hasSizeLessThan(THREADS * CALLS / 10);
            assertThat(answered).hasValue(calls.get() - refused.size());
            assertThat(events.events(LlmEvent.AttemptStarted.class)).hasSize(sent.get());
            assertThat(proxy.report().deployments()).hasSize(4).allMatch(state -> state.inFlight() == 0);
        } finally {
            threads.shutdownNow();
        }
        events.assertBalanced();
    }
}
