package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ConcurrencyTest {
    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void sixtyFourThreadsOverOneConnectionSeeTheirOwnAnswersOnly() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            RedisStore store = RedisStore.on(server.connect(), RedisServer.KEY).budget(Duration.ofSeconds(30));
            Load load = new Load(store, 64);
            load.await(20_000);
            load.close();

            assertThat(load.wrong).isEmpty();
            assertThat(load.messages).isEmpty();
            assertThat(load.hits).hasValueGreaterThan(15_000);
        }
    }
}
