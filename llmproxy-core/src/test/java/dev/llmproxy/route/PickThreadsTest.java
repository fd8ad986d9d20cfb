package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.SimulatedCalls;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads that pick while deployments are shut and opened all the time. */
@Timeout(300)
class PickThreadsTest {
    private static final int THREADS = 6;
    private static final int PICKS = 5_000;
    private static final long APART = Duration.ofMillis(100).toNanos();
    private static final List<Fault> FAULTS = List.of(
            Fault.builder(FaultCause.SERVER_ERROR).build(),
            Fault.builder(FaultCause.REFUSED).build());

    private final AtomicLong now = new AtomicLong();

    private static Route route(String how) {
        Deployment first = BalancedCalls.at("a");
        Deployment[] others = {
            BalancedCalls.at("b").weight(2),
            BalancedCalls.at("c"),
            BalancedCalls.at("d").priority(1)
        };
        Route.From from = Route.from(BalancedCalls.BASE);
        return switch (how) {
            case "failover" -> from.failover(first, others);
            case "roundRobin" -> from.roundRobin(first, others);
            default -> from.balance(first, others);
        };
    }

    private static CallContext call() {
        return SimulatedCalls.call(FakeTransport.chat(BalancedCalls.BASE + "/chat/completions"), 1, new FakeTicker());
    }

    private void pick(Fleet fleet, CallContext call, double failing) {
        long at = now.addAndGet(APART);
        Lane lane = Objects.requireNonNull(fleet.pick(call, call.request(), at));
        lane.begin(false, at);
        double chance = ThreadLocalRandom.current().nextDouble();
        if (chance < failing) {
            lane.firstToken(false).leave();
            lane.remember(FAULTS.get(0), at);
            var unused = (chance < failing / 2 ? lane.circuit() : lane.member().endpoint())
                    .failed(FAULTS.get(chance < failing / 2 ? 0 : 1), at, at + 1);
        } else {
            lane.firstToken(false).came(1, at);
            lane.member().endpoint().succeeded(at, at + 1);
            lane.circuit().succeeded(at, at + 1);
        }
        lane.member().end();
    }

    @ParameterizedTest
    @ValueSource(strings = {"failover", "roundRobin", "balance"})
    void everyPickFindsOneAndNoneStaysShut(String how) throws Exception {
        Fleets fleets = new Fleets(
                new Routes(List.of(route(how))),
                new GoodKeys(new KeyRings(List.of(), Map.of())),
                () -> ThreadLocalRandom.current().nextLong(),
                (deployment, at) -> at % 7 == 0 ? 0 : 1);
        Fleet fleet = Objects.requireNonNull(fleets.of(call().request().url()));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                all.add(threads.submit(() -> {
                    CallContext call = call();
                    for (int n = 0; n < PICKS; n++) {
                        pick(fleet, call, random.nextInt(3) / 3.0);
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get(100, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        CallContext call = call();
        // Nobody looks how those are that stand behind one that serves.
        Lane[] lanes = Arrays.copyOf(fleet.lanes(call), how.equals("failover") ? 1 : 3);
        // Whatever was lost in between, each is tried again after its rest, and is there as it was.
        for (int i = 0; i < 20_000 && !Arrays.stream(lanes).allMatch(Lane::isOpen); i++) {
            pick(fleet, call, 0);
        }
        assertThat(fleet.lanes(call)).allMatch(lane -> lane.member().inFlight() == 0);
        assertThat(lanes).allSatisfy(lane -> {
            assertThat(lane.circuit()).hasToString("CLOSED");
            assertThat(lane.member().endpoint()).hasToString("CLOSED");
        });
    }
}
