package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.CachedAnswer;
import dev.llmproxy.fake.FakeTicker;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of calls when a real server is killed, stopped, full, read-only, forbidden or garbled. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class RedisFaultsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final CacheKey KEY = Samples.key(1);
    private static final CachedAnswer ANSWER = Samples.answer(KEY, 5000);
    private static final int THREADS = 8;

    @Test
    void aServerThatIsKilledInMidRunFailsNoCallAndHoldsNoneUp() throws Exception {
        try (RedisServer server = RedisServer.start();
                Load load = new Load(RedisStore.on(server.connect(), RedisServer.KEY), THREADS)) {
            load.await(5_000);
            server.kill();
            load.await(5_000);
            server.restart();
            long before = load.hits.get();
            while (load.hits.get() < before + 1_000) {
                load.await(1_000);
            }

            assertThat(load.wrong).isEmpty();
            assertThat(load.messages("Redis is not connected")).isGreaterThan(1_000);
            // Its budget is 50 ms; only a machine that stands still makes one of them take 500.
            assertThat(load.slow).hasValueLessThan(50);
        }
    }

    @Test
    void aServerThatStandsStillCostsItsBudgetAFewTimes() throws Exception {
        FakeTicker ticker = new FakeTicker();
        try (RedisServer server = RedisServer.start()) {
            RedisStore store = RedisStore.on(server.connect(), RedisServer.KEY)
                    .budget(Duration.ofMillis(300))
                    .ticker(ticker);
            store.put(KEY, ANSWER, HOUR);
            server.pause();
            try (Load load = new Load(store, THREADS)) {
                load.await(20_000);

                assertThat(load.wrong).isEmpty();
                assertThat(load.messages("Redis did not find an answer within 300 ms"))
                        .isBetween(3L, 3L + THREADS);
                assertThat(load.messages("Redis is left alone")).isGreaterThan(19_000);
                assertThat(load.hits).hasValue(0);
            } finally {
                server.resume();
            }
            assertThat(afterRests(store, ticker)).contains(ANSWER);
        }
    }

    @Test
    void aTrialOfAServerThatStillStandsStillCostsItsBudgetOnce() throws Exception {
        FakeTicker ticker = new FakeTicker();
        try (RedisServer server = RedisServer.start()) {
            StatefulRedisConnection<byte[], byte[]> connection = server.connect();
            RedisStore store = RedisStore.on(connection, RedisServer.KEY)
                    .budget(Duration.ofMillis(20))
                    .ticker(ticker);
            server.pause();
            for (int i = 0; i < 3; i++) {
                assertFails(store, "Redis did not find an answer within 20 ms");
            }
            assertFails(store, "Redis is left alone for up to 3 s: Redis did not find an answer within 20 ms");
            ticker.advance(Guard.REST);

            assertFails(store, "Redis did not find an answer within 20 ms");
            assertFails(store, "Redis is left alone for up to 3 s: Redis did not find an answer within 20 ms");
            // No answer is sent to a server that is silent, either.
            assertThatThrownBy(() -> store.put(KEY, ANSWER, HOUR)).hasMessageStartingWith("Redis is left alone");
            server.resume();
        }
    }

    @Test
    void aServerThatAcknowledgesNothingIsSentNoMoreThanItsShare() throws Exception {
        try (RedisServer server = RedisServer.start();
                Relay relay = new Relay(server.port(), 1)) {
            RedisStore store = RedisStore.on(server.connect(relay.port()), RedisServer.KEY);
            CachedAnswer long1 = new CachedAnswer(200, ANSWER.headers(), noise(4 << 20), 1, 2);
            relay.swallow(true);
            for (int i = 0; i < 7; i++) {
                store.put(Samples.key(i), long1, HOUR);
            }

            assertThatThrownBy(() -> store.put(KEY, long1, HOUR))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Redis has not acknowledged 32 MiB of answers yet");
        }
    }

    private static ByteString noise(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(5).nextBytes(bytes);
        return ByteString.of(bytes);
    }

    @Test
    void aFullServerStillAnswersAndSaysThatItIsFull() throws Exception {
        FakeTicker ticker = new FakeTicker();
        try (RedisServer server = RedisServer.start("--maxmemory", "8mb", "--maxmemory-policy", "noeviction")) {
            RedisStore store =
                    patient(RedisStore.on(server.connect(), RedisServer.KEY)).ticker(ticker);
            store.put(KEY, ANSWER, HOUR);

            String message = failureOfPuts(store);

            assertThat(message)
                    .contains("Redis refused to keep an answer: OOM, its memory is full "
                            + "(set maxmemory-policy allkeys-lru, or give it more)");
            assertThat(store.get(KEY)).contains(ANSWER);
            assertThat(server.say("CONFIG SET maxmemory 0")).isEqualTo("+OK");
            ticker.advance(Guard.REST);
            swallowsLosses(store, 3);
            store.put(Samples.key(2), ANSWER, HOUR);
            assertThat(store.get(Samples.key(2))).contains(ANSWER);
        }
    }

    @Test
    void aReplicaIsReadAndSaysThatItIsOne() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            RedisStore store = patient(RedisStore.on(server.connect(), RedisServer.KEY));
            store.put(KEY, ANSWER, HOUR);
            // Nobody waits for a write: what is said on another connection may overtake it.
            assertThat(store.get(KEY)).contains(ANSWER);
            assertThat(server.say("REPLICAOF 127.0.0.1 1")).isEqualTo("+OK");

            assertThat(failureOfPuts(store))
                    .contains("Redis refused to keep an answer: READONLY, it is a replica (connect to its primary)");
            assertThat(store.get(KEY)).contains(ANSWER);
            assertThatThrownBy(() -> store.lease(KEY, HOUR)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void theCommandsOfTheDocumentationAreEnough() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            setUser(server, "~llmproxy:* -@all +getrange +set +unlink +scan +eval +get +del");
            RedisStore store = patient(RedisStore.on(server.connect("app", "password"), RedisServer.KEY));
            store.put(KEY, ANSWER, HOUR);

            assertThat(store.get(KEY)).contains(ANSWER);
            assertThat(store.lease(KEY, HOUR)).hasValueSatisfying(lease -> lease.close());
            assertThat(store.lease(KEY, HOUR)).isPresent();
            store.purge(KEY.tenant());
            assertThat(server.say("DBSIZE")).isEqualTo(":0");
        }
    }

    @Test
    void aUserWhoMayNotIsToldWhatToGrant() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            setUser(server, "~llmproxy:* -@all +set");
            RedisStore store = patient(RedisStore.on(server.connect("app", "password"), RedisServer.KEY));

            assertFails(
                    store,
                    "Redis refused to find an answer: NOPERM, its user may not "
                            + "(grant the commands of the documentation, and the keys of the prefix)");
            assertThatThrownBy(() -> store.clear()).hasMessageStartingWith("Redis refused to look for keys: NOPERM");
        }
    }

    @Test
    void aUserWhoIsTakenAwayLeavesNoConnection() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            setUser(server, "~* +@all");
            StatefulRedisConnection<byte[], byte[]> connection = server.connect("app", "password");
            RedisStore store = patient(RedisStore.on(connection, RedisServer.KEY));
            assertThat(store.get(KEY)).isEmpty();
            assertThat(server.say("ACL DELUSER app")).isEqualTo(":1");
            eventually(() -> !connection.isOpen());

            assertThatThrownBy(() -> store.get(KEY))
                    .isInstanceOf(IOException.class)
                    .satisfies(failure -> {
                        for (Throwable e = failure; e != null; e = e.getCause()) {
                            assertThat(e.toString()).doesNotContain("password");
                        }
                    });
        }
    }

    @Test
    void aReplyWhoseKindIsDamagedFailsAsAnyOther() throws Exception {
        try (RedisServer server = RedisServer.start();
                Relay relay = new Relay(server.port(), 1)) {
            RedisStore store = patient(RedisStore.on(server.connect(relay.port()), RedisServer.KEY));
            assertThat(store.get(KEY)).isEmpty();
            relay.callStringsMaps();

            assertFails(store, "Redis was to find an answer and replied with none (expected: a string)");
        }
    }

    @Test
    void flippedBitsOnTheWayNeverBecomeAnAnswer() throws Exception {
        try (RedisServer server = RedisServer.start();
                Relay relay = new Relay(server.port(), 11)) {
            RedisStore direct = patient(RedisStore.on(server.connect(), RedisServer.KEY));
            for (int i = 0; i < 64; i++) {
                direct.put(Samples.key(i), Samples.answer(Samples.key(i), 900), HOUR);
            }
            assertThat(direct.get(Samples.key(63))).isPresent();
            FakeTicker ticker = new FakeTicker();
            StatefulRedisConnection<byte[], byte[]> connection = server.connect(relay.port());
            RedisStore store = RedisStore.on(connection, RedisServer.KEY)
                    .budget(Duration.ofMillis(100))
                    .ticker(ticker);
            relay.flipOneByteIn(3_000);
            try (Load load = new Load(store, 4)) {
                // A crowded machine answers less in a round.
                for (int i = 0; i < 60 || relay.flips() <= 100; i++) {
                    load.await(50);
                    ticker.advance(Guard.REST);
                    // A stream that is out of step stays so: a new connection begins anew.
                    relay.cut();
                    eventually(connection::isOpen);
                }

                assertThat(load.wrong).isEmpty();
                assertThat(load.hits).hasPositiveValue();
                assertThat(load.failures).hasPositiveValue();
            }
        }
    }

    @Test
    void aThreadThatIsInterruptedDoesNotWait() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            RedisStore store = patient(RedisStore.on(server.connect(), RedisServer.KEY));
            store.put(KEY, ANSWER, HOUR);
            server.pause();
            for (int i = 0; i < 5; i++) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> store.get(KEY))
                        .isInstanceOf(InterruptedIOException.class)
                        .hasMessage("interrupted while Redis was to find an answer");
                assertThat(Thread.interrupted()).isTrue();
            }
            server.resume();

            // That speaks against the call, not against the server.
            assertThat(store.get(KEY)).contains(ANSWER);
        }
    }

    @Test
    void aConnectionThatTheApplicationHasClosedIsAFailureNotAHang() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            StatefulRedisConnection<byte[], byte[]> connection = server.connect();
            RedisStore store = patient(RedisStore.on(connection, RedisServer.KEY));
            connection.close();

            assertFails(store, "Redis is not connected");
            assertThatThrownBy(() -> store.put(KEY, ANSWER, HOUR)).hasMessage("Redis is not connected");
            assertThatThrownBy(() -> store.lease(KEY, HOUR)).hasMessage("Redis is not connected");
            assertThatThrownBy(() -> store.clear()).hasMessage("Redis is not connected");
        }
    }

    private static RedisStore patient(RedisStore store) {
        return store.budget(PATIENT);
    }

    private static void assertFails(RedisStore store, String message) {
        assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(IOException.class).hasMessage(message);
    }

    /** Puts until one is told to be lost; that is told by a later one. */
    private static String failureOfPuts(RedisStore store) throws IOException {
        for (int i = 100; i < 10_000; i++) {
            try {
                store.put(Samples.key(i), new CachedAnswer(200, ANSWER.headers(), noise(20_000), 1, 2), HOUR);
                // The answer to this comes after the answer to the put.
                var unused = store.get(Samples.key(-1));
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        }
        return "none";
    }

    private static void swallowsLosses(RedisStore store, int most) {
        for (int i = 0; i < most; i++) {
            try {
                store.put(Samples.key(2), ANSWER, HOUR);
                return;
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("OOM");
            }
        }
    }

    private static Optional<CachedAnswer> afterRests(RedisStore store, FakeTicker ticker) throws IOException {
        for (int i = 0; i < 100; i++) {
            ticker.advance(Guard.REST);
            try {
                return store.get(KEY);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("Redis");
            }
        }
        return store.get(KEY);
    }

    private static void setUser(RedisServer server, String rules) throws IOException {
        assertThat(server.say("ACL SETUSER app on >password " + rules)).isEqualTo("+OK");
    }

    private interface Condition {
        boolean holds();
    }

    private static void eventually(Condition condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(System.nanoTime() - until).isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }
}
