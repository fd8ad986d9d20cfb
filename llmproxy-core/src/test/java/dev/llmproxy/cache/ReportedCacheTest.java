package dev.llmproxy.cache;

import static dev.llmproxy.cache.CachedCalls.ACME;
import static dev.llmproxy.cache.CachedCalls.QUESTION;
import static dev.llmproxy.cache.CachedCalls.saying;
import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.event.AnomalyMetric;
import dev.llmproxy.event.LlmEvent.AnomalyDetected;
import dev.llmproxy.report.Report;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReportedCacheTest {
    private static final int LEARNING = 220;

    private final CachedCalls calls = new CachedCalls(ResponseCache.inMemory(1 << 20));

    @Test
    void theReportSaysWhatTheCacheHasSaved() throws IOException {
        calls.ask(ACME, saying("a"));
        calls.ask(ACME);
        calls.ask(ACME);
        Report report = calls.proxy.report();
        assertThat(report.cache()).isEqualTo(new Report.CacheCounts(2, 1, 0, 0, 24));
        assertThat(report.toText()).contains("cache: 2 hits, 1 misses, 0 stale, 0 coalesced; 24 tokens saved");
        assertThat(report.toJson()).contains("\"tokensSaved\": 24");
        calls.close();
    }

    @Test
    void withoutACacheTheReportSaysNothingOfOne() throws IOException {
        try (CachedCalls other = new CachedCalls(ResponseCache.inMemory(1 << 20))) {
            assertThat(other.proxy.report().toText()).doesNotContain("cache: ");
        }
    }

    @Test
    void aCacheThatNoLongerHitsIsAnAnomaly() throws IOException {
        calls.ask(ACME, saying("a"));
        for (int i = 0; i < LEARNING; i++) {
            calls.ask(ACME);
            calls.ticker.advance(Duration.ofSeconds(1));
        }
        assertThat(calls.listener.events(AnomalyDetected.class)).isEmpty();
        for (int i = 0; i < 10; i++) {
            // As if a prompt had been given a time of day.
            calls.ask(CachedCalls.question(QUESTION.replace("canary-prompt", "at second " + i)), ACME, saying("a"));
            calls.ticker.advance(Duration.ofSeconds(1));
        }
        assertThat(calls.listener.only(AnomalyDetected.class).metric()).isEqualTo(AnomalyMetric.CACHE_MISSES);
        calls.close();
    }
}
