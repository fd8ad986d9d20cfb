package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.cache.CachedCalls.Got;
import dev.llmproxy.call.CacheMode;
import dev.llmproxy.call.CallOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random calls against a map that knows what the cache should have. */
class CacheModelTest {
    private static final Duration FRESH = Duration.ofMinutes(10);

    private record Kept(String text, Instant at) {}

    private final Map<String, Kept> model = new HashMap<>();

    @Test
    void doesWhatTheModelSays() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            model.clear();
            try (CachedCalls calls =
                    new CachedCalls(ResponseCache.inMemory(8 << 20).expireAfter(FRESH))) {
                Random random = new Random(seed);
                for (int i = 0; i < 300; i++) {
                    step(calls, random, i);
                }
                calls.listener.assertBalanced();
            }
        }
    }

    private void step(CachedCalls calls, Random random, int number) throws IOException {
        String tenant = "t" + random.nextInt(3);
        int dice = random.nextInt(20);
        if (dice == 0) {
            calls.proxy.cache().purge(tenant);
            model.keySet().removeIf(key -> key.startsWith(tenant));
        } else if (dice <= 4) {
            calls.ticker.advance(Duration.ofMinutes(random.nextInt(6)));
        } else {
            ask(
                    calls,
                    random,
                    tenant,
                    CacheMode.values()[random.nextInt(CacheMode.values().length)],
                    "answer " + number);
        }
    }

    private void ask(CachedCalls calls, Random random, String tenant, CacheMode mode, String text) throws IOException {
        int question = random.nextInt(4);
        String key = tenant + " " + question;
        Kept kept = model.get(key);
        boolean reads = mode != CacheMode.BYPASS && mode != CacheMode.REFRESH;
        boolean hit = reads && kept != null && calls.ticker.now().isBefore(kept.at.plus(FRESH));
        Got got = calls.ask(
                CachedCalls.question(CachedCalls.QUESTION.replace("canary-prompt", "question " + question)),
                CallOptions.none().tenant(tenant).cache(mode),
                CachedCalls.saying(text));
        if (hit && kept != null) {
            assertThat(got.cache()).isEqualTo("hit");
            assertThat(got.body()).contains(kept.text);
        } else if (mode == CacheMode.ONLY_IF_CACHED) {
            assertThat(got.status()).isEqualTo(504);
        } else {
            assertThat(got.body()).contains(text);
            assertThat(got.cache()).isEqualTo(mode == CacheMode.BYPASS ? "bypass" : "miss");
            if (mode != CacheMode.BYPASS) {
                model.put(key, new Kept(text, calls.ticker.now()));
            }
        }
    }
}
