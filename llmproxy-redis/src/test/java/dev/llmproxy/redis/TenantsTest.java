package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.cache.LiveCache;
import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.fake.ManyTenants;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TenantsTest {
    @Test
    void onAServerNoTenantGetsAForeignAnswer() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            requireOwnAnswers(ResponseCache.in(store(server)));
        }
    }

    @Test
    void withMemoryInFrontNoTenantGetsAForeignAnswer() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            requireOwnAnswers(ResponseCache.inMemory(1 << 20).backedBy(store(server)));
        }
    }

    private static RedisStore store(RedisServer server) throws IOException {
        return RedisStore.on(server.connect(), RedisServer.KEY).budget(Duration.ofSeconds(30));
    }

    private static void requireOwnAnswers(ResponseCache cache) throws InterruptedException {
        try (LlmProxy proxy = LlmProxy.builder().cache(cache).build()) {
            ManyTenants tenants = new ManyTenants(proxy);
            tenants.call(ManyTenants.calls());

            assertThat(tenants.wrong).isEmpty();
            LiveCache.Statistics done = proxy.cache().statistics();
            assertThat(done.storeFailures()).isZero();
            assertThat(done.hits() + done.misses() + done.coalesced()).isEqualTo(ManyTenants.calls());
            assertThat(done.misses()).isEqualTo(tenants.sent.get());
            assertThat(done.hits()).isPositive();
        }
    }
}
