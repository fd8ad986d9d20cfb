package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.CachedAnswer;
import dev.llmproxy.cache.DamagedEntryException;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.Secret;
import dev.llmproxy.fake.FakeTicker;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import okio.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real server. The budget is long where nothing is said of time, so that a busy machine changes nothing. */
class RedisStoreTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final CacheKey KEY = Samples.key(1);
    private static final CachedAnswer ANSWER = Samples.answer(KEY, 5000);

    private static RedisServer server;
    private static StatefulRedisConnection<byte[], byte[]> connection;
    private static RedisCommands<byte[], byte[]> redis;
    private static RedisStore store;

    @BeforeAll
    static void start() throws IOException {
        server = RedisServer.start();
        connection = server.connect();
        redis = connection.sync();
        store = patient(RedisStore.on(connection, RedisServer.KEY));
    }

    private static RedisStore patient(RedisStore store) {
        return store.budget(Duration.ofSeconds(20));
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void empty() {
        redis.flushall();
    }

    @Test
    void returnsWhatWasPut() throws IOException {
        store.put(KEY, ANSWER, HOUR);

        assertThat(store.get(KEY)).contains(ANSWER);
    }

    @Test
    void returnsNothingUnderAnotherKey() throws IOException {
        store.put(KEY, ANSWER, HOUR);

        assertThat(store.get(Samples.key(2))).isEmpty();
    }

    @Test
    void keepsTheLastOne() throws IOException {
        store.put(KEY, Samples.answer("first"), HOUR);
        store.put(KEY, ANSWER, HOUR);

        assertThat(store.get(KEY)).contains(ANSWER);
    }

    @Test
    void keepsAnswersUpToItsLimitAndNoLonger() throws IOException {
        byte[] random = new byte[RedisStore.LONGEST - 28];
        new SplittableRandom(3).nextBytes(random);
        store.put(KEY, answer(random), HOUR);

        assertThat(store.get(KEY)).contains(answer(random));
        byte[] longer = Arrays.copyOf(random, random.length + 1);
        assertThatThrownBy(() -> store.put(KEY, answer(longer), HOUR))
                .isInstanceOf(IOException.class)
                .hasMessage("answer: 16777217 bytes (expected: at most 16777216)");
    }

    private static CachedAnswer answer(byte[] body) {
        return new CachedAnswer(200, LlmHeaders.empty(), ByteString.of(body), 1, 2);
    }

    @Test
    void redisForgetsItInTime() throws IOException {
        store.put(KEY, ANSWER, HOUR);

        assertThat(redis.pttl(onlyName())).isBetween(1L, HOUR.toMillis());
    }

    @Test
    void keepsForTenYearsAtTheMost() throws IOException {
        store.put(KEY, ANSWER, Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(store.get(KEY)).contains(ANSWER);
        assertThat(redis.pttl(onlyName()))
                .isLessThanOrEqualTo(Duration.ofDays(3650).toMillis());
    }

    @Test
    void refusesToKeepForNoTime() {
        assertThatThrownBy(() -> store.put(KEY, ANSWER, Duration.ofNanos(999_999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("keep: PT0.000999999S (expected: at least 1 ms)");
    }

    @Test
    void anOldEntryThatSomebodyPutsBackIsNotServed() throws IOException {
        FakeTicker ticker = new FakeTicker();
        RedisStore then = store.ticker(ticker);
        then.put(KEY, ANSWER, HOUR);
        assertThat(then.get(KEY)).contains(ANSWER);
        redis.persist(onlyName());
        ticker.advance(HOUR);

        assertThat(then.get(KEY)).isEmpty();
    }

    @Test
    void findsWhatAnotherProcessOfTheSameKeyHasPut() throws IOException {
        store.put(KEY, ANSWER, HOUR);
        RedisStore other = patient(RedisStore.on(server.connect(), RedisServer.KEY));

        assertThat(other.secret())
                .isEqualTo(store.secret())
                .isNotEqualTo(ByteString.encodeUtf8(RedisServer.KEY.reveal()));
        assertThat(other.get(KEY)).contains(ANSWER);
    }

    @Test
    void sharesNothingWithAnotherKeyOrPrefix() throws IOException {
        store.put(KEY, ANSWER, HOUR);
        RedisStore otherKey = patient(RedisStore.on(connection, Secret.of("another key, which is long enough")));
        RedisStore otherPrefix = store.prefix("other");
        otherKey.put(KEY, Samples.answer("of another key"), HOUR);
        otherPrefix.put(KEY, Samples.answer("of another prefix"), HOUR);

        assertThat(store.get(KEY)).contains(ANSWER);
        assertThat(otherKey.get(KEY)).contains(Samples.answer("of another key"));
        assertThat(otherPrefix.get(KEY)).contains(Samples.answer("of another prefix"));
        store.clear();
        assertThat(store.get(KEY)).isEmpty();
        assertThat(redis.dbsize()).isEqualTo(2);
    }

    @Test
    void whatIsDamagedIsDroppedAndTold() throws IOException {
        store.put(KEY, ANSWER, HOUR);
        byte[] name = onlyName();
        redis.setrange(name, 40, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

        assertThatThrownBy(() -> store.get(KEY))
                .isInstanceOf(DamagedEntryException.class)
                .hasMessage("the seal of a stored answer is broken");
        assertThat(store.get(KEY)).isEmpty();
        assertThat(redis.exists(name)).isZero();
    }

    @Test
    void aValueThatIsTooLongIsNotReadWhole() throws IOException {
        store.put(KEY, ANSWER, HOUR);
        redis.setrange(onlyName(), 100L << 20, new byte[] {1});

        assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(DamagedEntryException.class);
        assertThat(store.get(KEY)).isEmpty();
    }

    @Test
    void aValueUnderTheWrongKeyOrTenantIsDamaged() throws IOException {
        CacheKey foreign = Samples.key(77, 1);
        store.put(KEY, ANSWER, HOUR);
        byte[] name = onlyName();
        store.put(foreign, Samples.answer(foreign, 500), HOUR);
        byte[] other = redis.keys("*").stream()
                .filter(key -> !Arrays.equals(key, name))
                .findFirst()
                .orElseThrow();
        redis.set(other, redis.get(name));

        assertThatThrownBy(() -> store.get(foreign)).isInstanceOf(DamagedEntryException.class);
        assertThat(store.get(KEY)).contains(ANSWER);
    }

    @Test
    void whatIsOfTheWrongTypeIsDamagedAndDropped() throws IOException {
        store.put(KEY, ANSWER, HOUR);
        byte[] name = onlyName();
        redis.del(name);
        redis.lpush(name, bytes("a list"));

        for (int i = 0; i < 5; i++) {
            redis.del(name);
            redis.lpush(name, bytes("a list"));
            assertThatThrownBy(() -> store.get(KEY))
                    .isInstanceOf(DamagedEntryException.class)
                    .hasMessage("under the key of an answer lies something else");
        }
        assertThat(store.get(KEY)).isEmpty();
    }

    @Test
    void purgesOneTenantAndNoOther() throws IOException {
        for (int i = 0; i < 10_000; i++) {
            store.put(Samples.key(i % 2, i), Samples.answer("x"), HOUR);
        }
        assertThat(store.get(Samples.key(1, 9_999))).isPresent();
        Optional<?> lease = store.lease(Samples.key(0, 1), HOUR);
        assertThat(lease).isPresent();

        store.purge(Samples.key(0, 1).tenant());

        List<byte[]> left = redis.keys("*");
        assertThat(left).hasSize(5_000);
        assertThat(left).allMatch(name -> text(name).contains(":0000000000000001:"));
    }

    @Test
    void refusesToPurgeWhatIsNoTenant() {
        assertThatThrownBy(() -> store.purge(ByteString.EMPTY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tenant: 0 bytes (expected: 8)");
    }

    @Test
    void refusesABudgetOfNothing() {
        assertThatThrownBy(() -> store.budget(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("budget: PT0S (expected: 1 ms to 1 minute)");
        assertThatThrownBy(() -> store.budget(Duration.ofMinutes(2))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.patience(Duration.ofSeconds(-1)))
                .hasMessage("patience: PT-1S (expected: 0 to 10 minutes)");
        assertThat(store.patience(Duration.ZERO).patience()).isZero();
    }

    @Test
    void saysNothingOfItsKey() {
        assertThat(RedisStore.on(connection, RedisServer.KEY).prefix("app"))
                .hasToString("Redis, keys app:*, budget 50 ms, reads closed, writes closed");
    }

    @Test
    void leavesTheConnectionOpen() throws IOException {
        assertThat(store.get(KEY)).isEmpty();

        assertThat(connection.isOpen()).isTrue();
    }

    private static byte[] onlyName() throws IOException {
        // An answer is put without waiting; what is asked after it on the same connection is answered after it.
        List<byte[]> names = redis.keys("*");
        assertThat(names).hasSize(1);
        return Objects.requireNonNull(names.get(0));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
