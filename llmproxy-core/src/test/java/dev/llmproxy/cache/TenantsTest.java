package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fake.ManyTenants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TenantsTest {
    @Test
    @Timeout(600)
    void amongManyCallsAtOnceNoTenantGetsAForeignAnswer() throws InterruptedException {
        // Half of what they ask fits, so that answers come and go.
        try (LlmProxy proxy =
                LlmProxy.builder().cache(ResponseCache.inMemory(1 << 20)).build()) {
            ManyTenants tenants = new ManyTenants(proxy);
            tenants.call(ManyTenants.calls());

            assertThat(tenants.wrong).isEmpty();
            LiveCache.Statistics done = proxy.cache().statistics();
            assertThat(done.hits() + done.misses() + done.coalesced()).isEqualTo(ManyTenants.calls());
            assertThat(done.misses()).isEqualTo(tenants.sent.get());
            assertThat(done.hits()).isPositive();
            assertThat(done.coalesced()).isPositive();
        }
    }
}
