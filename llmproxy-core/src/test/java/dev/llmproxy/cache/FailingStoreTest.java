package dev.llmproxy.cache;

import static dev.llmproxy.cache.CachedCalls.ACME;
import static dev.llmproxy.cache.CachedCalls.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailingStoreTest {
    private final MapStore store = new MapStore();

    @Test
    void aStoreIsFoundByAnotherProxyWithTokensCounted() throws IOException {
        try (CachedCalls one = new CachedCalls(ResponseCache.in(store));
                CachedCalls other = new CachedCalls(ResponseCache.in(store))) {
            one.ask(ACME, saying("shared"));
            assertThat(other.ask(ACME).cache()).isEqualTo("hit");
            assertThat(other.listener
                            .only(dev.llmproxy.event.LlmEvent.CacheLookedUp.class)
                            .tokens())
                    .isEqualTo(12);
        }
    }

    @Test
    void memoryInFrontAnswersTheSecondTime() throws IOException {
        try (CachedCalls one = new CachedCalls(ResponseCache.in(store));
                CachedCalls other =
                        new CachedCalls(ResponseCache.inMemory(1 << 20).backedBy(store))) {
            one.ask(ACME, saying("shared"));
            long before = store.count("get");
            other.ask(ACME);
            assertThat(other.ask(ACME).cache()).isEqualTo("hit");
            assertThat(store.count("get")).isEqualTo(before + 1);
        }
    }

    @Test
    void whatAStoreThrowsIsAMissAndACondition() throws IOException {
        try (CachedCalls calls = new CachedCalls(ResponseCache.in(store))) {
            store.failure = new IOException("redis at 10.0.0.1 has canary");
            assertThat(calls.ask(ACME, saying("a")).cache()).isEqualTo("miss");
            ConditionDetected told = calls.listener.only(ConditionDetected.class);
            assertThat(told.condition().cause()).isEqualTo(FaultCause.STORE_UNAVAILABLE);
            assertThat(told.toString()).doesNotContain("canary");
            assertThat(calls.proxy.cache().statistics().storeFailures()).isGreaterThanOrEqualTo(2);
            assertThatThrownBy(() -> calls.proxy.cache().purge("acme")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whatIsDamagedIsAMissAndToldAsThat() throws IOException {
        try (CachedCalls calls = new CachedCalls(ResponseCache.in(store))) {
            store.failure = new DamagedEntryException("bits");
            assertThat(calls.ask(ACME, saying("a")).cache()).isEqualTo("miss");
            assertThat(calls.listener.only(ConditionDetected.class).condition().cause())
                    .isEqualTo(FaultCause.CACHE_ENTRY_DAMAGED);
        }
    }
}
