package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.SimulatedCalls;
import dev.llmproxy.fake.CountingTicker;
import dev.llmproxy.fake.FakeTransport;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickAllocationTest {
    private static final int PICKS = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(strings = {"balance", "roundRobin", "failover"})
    void aPickMakesNothingAndReadsNoClock(String how) {
        Deployment[] others = {
            BalancedCalls.at("b").weight(2),
            BalancedCalls.at("c"),
            BalancedCalls.at("d").priority(1)
        };
        Route.From from = Route.from(BalancedCalls.BASE);
        Route route = switch (how) {
            case "balance" -> from.balance(BalancedCalls.at("a"), others);
            case "roundRobin" -> from.roundRobin(BalancedCalls.at("a"), others);
            default -> from.failover(BalancedCalls.at("a"), others);
        };
        Keys keys = new GoodKeys(new KeyRings(List.of(), Map.of()));
        Fleets fleets = new Fleets(
                new Routes(List.of(route)),
                keys,
                () -> ThreadLocalRandom.current().nextLong(),
                (deployment, now) -> 1);
        CountingTicker ticker = new CountingTicker();
        CallContext call = SimulatedCalls.call(FakeTransport.chat(BalancedCalls.BASE + "/chat/completions"), 1, ticker);
        Fleet fleet = Objects.requireNonNull(fleets.of(call.request().url()));
        pick(fleet, call);
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        ticker.reads.set(0);
        // Several times: the compiler allocates now and then when it takes code back.
        for (int i = 0; i < 5; i++) {
            long before = THREADS.getThreadAllocatedBytes(thread);
            pick(fleet, call);
            least = Math.min(least, THREADS.getThreadAllocatedBytes(thread) - before);
        }
        assertThat(least).isLessThan(PICKS);
        assertThat(ticker.reads).hasValue(0);
    }

    private static void pick(Fleet fleet, CallContext call) {
        for (int i = 1; i <= PICKS; i++) {
            Lane lane = Objects.requireNonNull(fleet.pick(call, call.request(), i));
            lane.begin(false, i);
            lane.firstToken(false).came(1_000 + i % 7, i);
            lane.member().end();
        }
    }
}
