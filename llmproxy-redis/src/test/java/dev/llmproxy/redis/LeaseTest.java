package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.CacheStore.Lease;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 4, unit = TimeUnit.MINUTES)
class LeaseTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final CacheKey KEY = Samples.key(1);

    private RedisServer server;
    private RedisStore one;
    private RedisStore other;

    @BeforeEach
    void start() throws IOException {
        server = RedisServer.start();
        one = store(server.connect());
        other = store(server.connect());
    }

    private static RedisStore store(StatefulRedisConnection<byte[], byte[]> connection) {
        return RedisStore.on(connection, RedisServer.KEY).budget(Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void isHadByOneAtATime() throws IOException {
        Optional<Lease> held = one.lease(KEY, LONG);

        assertThat(held).isPresent();
        assertThat(other.lease(KEY, LONG)).isEmpty();
        assertThat(one.lease(KEY, LONG)).isEmpty();
        assertThat(other.lease(Samples.key(2), LONG)).isPresent();
    }

    @Test
    void whatWasPutBeforeItWasGivenBackIsFoundByWhoeverHasItNext() throws IOException {
        Lease held = one.lease(KEY, LONG).orElseThrow();
        one.put(KEY, Samples.answer("fetched"), LONG);
        held.close();
        while (other.lease(KEY, LONG).isEmpty()) {
            Thread.onSpinWait();
        }

        assertThat(other.get(KEY)).contains(Samples.answer("fetched"));
    }

    @Test
    void endsByItself() throws IOException {
        assertThat(one.lease(KEY, Duration.ofMillis(1))).isPresent();

        while (other.lease(KEY, LONG).isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void isNotEndedByWhoeverHadItBefore() throws IOException {
        Lease early = one.lease(KEY, Duration.ofMillis(1)).orElseThrow();
        while (other.lease(KEY, LONG).isEmpty()) {
            Thread.onSpinWait();
        }
        early.close();
        early.close();

        // Answered after the release, which went over the same connection.
        assertThat(one.lease(KEY, LONG)).isEmpty();
    }

    @Test
    void isGivenBackWhenItComesTooLate() throws IOException {
        RedisStore hasty = RedisStore.on(server.connect(), RedisServer.KEY).budget(Duration.ofMillis(20));
        server.pause();
        for (int i = 0; i < 2; i++) {
            try {
                assertThat(hasty.lease(KEY, LONG)).isEmpty();
            } catch (IOException e) {
                assertThat(e).hasMessage("Redis did not lease a key within 20 ms");
            }
        }
        server.resume();

        while (other.lease(KEY, LONG).isEmpty()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void twoProcessesFetchEachAnswerOnce() throws Exception {
        int answers = 100;
        Jvms.runTwo(LeaseProcess.class, "" + server.port(), "" + answers);

        // Both were there from the first answer to the last, and each had some of them.
        assertThat(server.say("HLEN fetched-by")).isEqualTo(":2");
        assertThat(server.say("INCR fetched")).isEqualTo(":" + (answers + 1));
    }
}
