package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.limit.SharedBudgets.Budget;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Budgets on a real server, and what is left of them when it fails. */
class RedisBudgetsTest extends BudgetServerTest {
    private static final int PER_MINUTE = 600;
    private static final int AT_ONCE = 100;

    private static Budget open(RedisBudgets budgets) {
        return budgets.open("east", Limit.REQUESTS, PER_MINUTE, AT_ONCE);
    }

    private LlmProxy proxy(RedisBudgets budgets, int perMinute) {
        return proxy(Limits.perDeployment().requestsPerMinute(perMinute).sharedBy(budgets));
    }

    // As many as there are at once, and those that come back; a clock counts milliseconds.
    private static long mostIn(Duration time) {
        return AT_ONCE + (time.toMillis() + 10) * PER_MINUTE / 60_000 + 1;
    }

    @Test
    void twoProxiesTogetherSendNoMoreThanTheBudget() {
        try (LlmProxy one = proxy(budgets(), PER_MINUTE);
                LlmProxy other = proxy(budgets(), PER_MINUTE)) {
            long from = Ticker.system().nanos();
            int sent = Stream.of(one, other, one, other)
                    .map(proxy -> CompletableFuture.supplyAsync(() -> sent(proxy, 150)))
                    .toList()
                    .stream()
                    .mapToInt(CompletableFuture::join)
                    .sum();
            Duration took = Duration.ofNanos(Ticker.system().nanos() - from);
            assertThat((long) sent).isBetween(AT_ONCE * 3L / 4, mostIn(took));
            assertThat(conditions).isEmpty();
        }
    }

    private static int sent(LlmProxy proxy, int calls) {
        try {
            return Budgets.sent(proxy, calls);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void twoProcessesTogetherSendNoMoreThanTheBudget() throws Exception {
        Jvms.runTwo(BudgetProcess.class, "" + server.port(), "" + PER_MINUTE, "300");
        List<long[]> told = IntStream.rangeClosed(1, 2)
                .mapToObj(i -> numbers(text("told-" + i)))
                .toList();
        long from = Math.min(told.get(0)[0], told.get(1)[0]);
        long until = Math.max(told.get(0)[1], told.get(1)[1]);
        assertThat(told.get(0)[2] + told.get(1)[2])
                .isBetween(AT_ONCE * 3L / 4, mostIn(Duration.ofMillis(until - from)));
    }

    private static long[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    private static String text(String key) {
        byte[] name = key.getBytes(StandardCharsets.US_ASCII);
        return new String(server.connect().sync().get(name), StandardCharsets.US_ASCII);
    }

    @Test
    void whatIsTakenIsGoneForAllAndWhatIsGivenBackIsThere() {
        Budget one = open(budgets());
        Budget other = open(budgets());
        assertThat(one.draw(70).join()).isEqualTo(70);
        assertThat(other.draw(1_000).join()).isBetween(30L, 90L);
        one.settle(1_000).join();
        assertThat(other.draw(1_000).join()).isEqualTo(AT_ONCE);
        one.settle(-500).join();
        assertThat(other.draw(1).join()).isZero();
    }

    @Test
    void placesUnitsAndNumbersAreApart() {
        RedisBudgets budgets = budgets();
        assertThat(open(budgets).draw(AT_ONCE).join()).isEqualTo(AT_ONCE);
        for (Budget other : List.of(
                budgets.open("west", Limit.REQUESTS, PER_MINUTE, AT_ONCE),
                budgets.open("east", Limit.TOKENS, PER_MINUTE, AT_ONCE),
                budgets.open("east", Limit.REQUESTS, PER_MINUTE + 1, AT_ONCE),
                open(budgets.prefix("other")))) {
            assertThat(other.draw(AT_ONCE).join()).isEqualTo(AT_ONCE);
        }
    }

    @Test
    void eachHasAnEqualShareOfThoseThatWereSeen() {
        FakeTicker ticker = new FakeTicker();
        Budget one = open(budgets().ticker(ticker));
        Budget other = open(budgets().ticker(ticker));
        assertThat(one.share()).isEqualTo(1);
        assertThat(one.draw(1).join()).isEqualTo(1);
        assertThat(other.draw(1).join()).isEqualTo(1);
        assertThat(one.share()).isEqualTo(1);
        assertThat(other.share()).isEqualTo(0.5);
        ticker.advance(Processes.BETWEEN);
        assertThat(one.draw(1).join()).isEqualTo(1);
        assertThat(one.share()).isEqualTo(0.5);
        assertThat(open(budgets().share(0.25)).share()).isEqualTo(0.25);
    }

    @Test
    void nothingOfThePlaceIsOnTheServerAndAllOfItEnds() {
        Budget budget = budgets().open("canary-5f0e8b1c", Limit.TOKENS, PER_MINUTE, AT_ONCE);
        assertThat(budget.draw(50).join()).isEqualTo(50);
        StatefulRedisConnection<byte[], byte[]> connection = server.connect();
        List<byte[]> keys = connection.sync().keys("*");
        assertThat(keys).hasSize(2).allSatisfy(key -> {
            assertThat(new String(key, StandardCharsets.ISO_8859_1))
                    .matches("llmproxy:budget:tokens:[0-9a-f]{32}(:processes)?");
            assertThat(connection.sync().pttl(key)).isBetween(1L, 120_000L);
            assertThat(new String(connection.sync().dump(key), StandardCharsets.ISO_8859_1))
                    .doesNotContain("canary");
        });
    }

    @Test
    void theRightsOfTheDocumentationAreEnough() throws Exception {
        String rules = "~llmproxy:budget:* -@all +get +set +psetex +eval +time +zadd +zremrangebyscore +zcard +pexpire";
        assertThat(server.say("ACL SETUSER budgets on >password " + rules)).isEqualTo("+OK");
        Budget budget = open(RedisBudgets.on(server.connect("budgets", "password")));
        Budget other = open(RedisBudgets.on(server.connect("budgets", "password")));
        assertThat(budget.draw(1).join()).isEqualTo(1);
        assertThat(other.draw(1).join()).isEqualTo(1);
        assertThat(other.share()).isEqualTo(0.5);
        budget.settle(1).join();
        budget.settle(-1).join();
    }

    @Test
    void whatComesWhenNobodyWaitsAnyLongerIsGivenBack() {
        // So few that only what is given back can make it so many again.
        Budget budget = budgets().open("east", Limit.REQUESTS, 1, AT_ONCE);
        server.pause();
        CompletableFuture<Long> late = budget.draw(60);
        assertThat(late.cancel(false)).isTrue();
        server.resume();
        long until = Ticker.system().nanos() + TimeUnit.SECONDS.toNanos(60);
        long there = 0;
        while (there < AT_ONCE - 10 && Ticker.system().nanos() - until < 0) {
            there = budget.draw(AT_ONCE).join();
            budget.settle(there).join();
        }
        assertThat(there).isGreaterThanOrEqualTo(AT_ONCE - 10);
    }

    @Test
    void aServerThatIsKilledFailsNoCallAndIsUsedAgainWhenItIsBack() throws Exception {
        try (LlmProxy proxy = proxy(RedisBudgets.on(server.connect()), 1_000_000)) {
            assertThat(Budgets.sent(proxy, 200)).isEqualTo(200);
            server.kill();
            assertThat(Budgets.sent(proxy, 2_000)).isEqualTo(2_000);
            server.restart();
            long until = Ticker.system().nanos() + TimeUnit.SECONDS.toNanos(60);
            StatefulRedisConnection<byte[], byte[]> looking = server.connect();
            while (looking.sync().dbsize() == 0 && Ticker.system().nanos() - until < 0) {
                assertThat(Budgets.sent(proxy, 1)).isEqualTo(1);
            }
            assertThat(looking.sync().dbsize()).isPositive();
        }
    }

    @Test
    void aServerThatStandsStillFailsNoCallAndIsTold() throws Exception {
        RedisBudgets budgets = RedisBudgets.on(server.connect())
                .patience(Duration.ofMillis(200))
                .share(0.5);
        try (LlmProxy proxy = proxy(budgets, 1_000_000)) {
            assertThat(Budgets.sent(proxy, 200)).isEqualTo(200);
            server.pause();
            assertThat(Budgets.sent(proxy, 5_000)).isEqualTo(5_000);
        } finally {
            server.resume();
        }
        assertThat(conditions).isNotEmpty();
        assertThat(conditions).extracting(Fault::cause).containsOnly(FaultCause.STORE_UNAVAILABLE);
        assertThat(conditions.element().evidence("failure")).hasValue("no answer within 200 ms");
    }

    @Test
    void withoutAServerEachKeepsToItsShare() throws Exception {
        try (RedisServer gone = RedisServer.start()) {
            RedisBudgets budgets = RedisBudgets.on(gone.connect()).share(0.5);
            gone.kill();
            try (LlmProxy proxy = proxy(budgets, PER_MINUTE)) {
                long from = Ticker.system().nanos();
                int sent = Budgets.sent(proxy, 300);
                long most = mostIn(Duration.ofNanos(Ticker.system().nanos() - from)) / 2 + 1;
                assertThat((long) sent).isBetween(AT_ONCE / 2L, most);
            }
        }
    }

    @Test
    void aServerThatFailsIsLeftAlone() throws Exception {
        FakeTicker ticker = new FakeTicker();
        Budget budget = open(budgets().ticker(ticker));
        server.pause();
        try {
            for (int i = 0; i < 3; i++) {
                assertThat(budget.draw(1).cancel(false)).isTrue();
            }
            assertThat(budget.draw(1)).isCompletedExceptionally();
            assertThatThrownBy(() -> budget.settle(1).join())
                    .hasMessageContaining("Redis is left alone for up to 3 s: Redis did not answer in time");
            ticker.advance(Guard.REST);
            assertThat(budget.draw(1)).isNotDone();
        } finally {
            server.resume();
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        RedisBudgets budgets = budgets();
        assertThatThrownBy(() -> budgets.share(0)).hasMessage("share: 0.0 (expected: more than 0, to 1)");
        assertThatThrownBy(() -> budgets.share(Double.NaN)).hasMessage("share: NaN (expected: more than 0, to 1)");
        assertThatThrownBy(() -> budgets.patience(Duration.ZERO))
                .hasMessage("patience: PT0S (expected: 1 ms to 10 seconds)");
        assertThatThrownBy(() -> budgets.prefix("a b")).hasMessageStartingWith("prefix: a b (expected: ");
        assertThat(budgets.prefix("shop")).hasToString("Redis, keys shop:budget:*, patience 10000 ms, closed");
    }
}
