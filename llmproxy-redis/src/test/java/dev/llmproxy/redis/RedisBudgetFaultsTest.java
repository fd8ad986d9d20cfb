package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.limit.SharedBudgets.Budget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets on a real server that is there and does not do what it should. */
class RedisBudgetFaultsTest extends BudgetServerTest {
    private static final int PER_MINUTE = 6_000;
    private static final int AT_ONCE = 1_000;
    private static final int HOUR = 60 * PER_MINUTE;

    private LlmProxy proxy(RedisBudgets budgets, int perMinute) {
        return proxy(Limits.perDeployment()
                .requestsPerMinute(perMinute)
                .tokensPerMinute(1_000L * perMinute)
                .sharedBy(budgets));
    }

    private static Budget open(RedisBudgets budgets, String place) {
        return budgets.open(place, Limit.REQUESTS, PER_MINUTE, AT_ONCE);
    }

    @ParameterizedTest
    @CsvSource({
        "CONFIG SET maxmemory 1, CONFIG SET maxmemory 0",
        "REPLICAOF 127.0.0.1 1, REPLICAOF NO ONE",
        "ACL SETUSER default -@all +acl, ACL SETUSER default +@all"
    })
    void noCallFailsWhereNothingCanBeWritten(String broken, String mended) throws Exception {
        try (LlmProxy proxy = proxy(budgets(), 1_000_000)) {
            assertThat(server.say(broken)).isEqualTo("+OK");
            try {
                assertThat(Budgets.sent(proxy, 500)).isEqualTo(500);
            } finally {
                assertThat(server.say(mended)).isEqualTo("+OK");
            }
        }
        // Of requests or of tokens: one for both.
        assertThat(conditions).singleElement().satisfies(told -> {
            assertThat(told.cause()).isEqualTo(FaultCause.STORE_UNAVAILABLE);
            assertThat(told.explain()).doesNotContain("127.0.0.1");
        });
    }

    @ParameterizedTest
    @CsvSource({"LPUSH, x", "SET, garbage", "SET, 0"})
    void whatIsWrongWithOneBudgetLeavesTheOthersAlone(String command, String value) throws Exception {
        RedisBudgets budgets = budgets();
        BudgetNames east = new BudgetNames("llmproxy", "east", Limit.REQUESTS, PER_MINUTE);
        assertThat(server.say(command + ' ' + east + ' ' + value)).doesNotStartWith("-");
        Budget spoiled = open(budgets, "east");
        Budget good = open(budgets, "west");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> spoiled.draw(1).join()).hasMessageNotContaining("left alone");
        }
        assertThat(good.draw(1).join()).isEqualTo(1);
    }

    @Test
    void absurdUsageStopsAllProcessesForAnHourAtTheMost() {
        RedisBudgets budgets = budgets();
        Budget one = open(budgets, "east");
        for (int i = 0; i < 5; i++) {
            one.settle(-HOUR).join();
        }
        assertThat(one.draw(1).join()).isZero();
        byte[] name = new BudgetNames("llmproxy", "east", Limit.REQUESTS, PER_MINUTE).bucket();
        long keptFor = server.connect().sync().pttl(name);
        assertThat(Duration.ofMillis(keptFor)).isBetween(Duration.ofMinutes(55), Duration.ofMinutes(65));
        Budget other = open(budgets(), "east");
        other.settle(HOUR + AT_ONCE).join();
        assertThat(other.draw(1).join()).isEqualTo(1);
    }

    @Test
    void aCallThatWaitsForADrawWhenTheProxyIsClosedIsSent() throws Exception {
        RedisBudgets budgets = budgets();
        LlmProxy proxy = proxy(budgets, PER_MINUTE);
        server.pause();
        CompletableFuture<Boolean> call;
        try {
            call = CompletableFuture.supplyAsync(() -> {
                try {
                    return Budgets.isSent(proxy);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            while (proxy.limits().isEmpty() && !call.isDone()) {
                Thread.onSpinWait();
            }
            proxy.close();
        } finally {
            server.resume();
        }
        assertThat(call.get(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void placesOfAnyNameHaveBudgetsOfTheirOwn() {
        RedisBudgets budgets = budgets();
        for (String place : new String[] {
            "", " ", "a b\r\nFLUSHALL\r\n", "\u00e9\u4e2d\ud83d\ude00", "\u0000", "*", "x".repeat(100_000)
        }) {
            assertThat(open(budgets, place).draw(AT_ONCE).join()).as(place).isEqualTo(AT_ONCE);
            assertThat(open(budgets, place).draw(AT_ONCE).join()).as(place).isLessThan(AT_ONCE);
        }
        assertThat(server.connect().sync().keys("*"))
                .hasSize(14)
                .allSatisfy(key -> assertThat(new String(key, StandardCharsets.ISO_8859_1))
                        .matches("llmproxy:budget:requests:[0-9a-f]{32}(:processes)?"));
    }
}
