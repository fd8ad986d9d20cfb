package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.SimulatedCalls;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where calls go when the limits of some deployments have no room: there they would wait, or be refused. */
class RoomTest {
    private static final Route.From FROM = Route.from(BalancedCalls.BASE);
    private static final long RESTED = Duration.ofSeconds(13).toNanos();

    private final FakeTicker ticker = new FakeTicker();
    private final Set<String> full = new HashSet<>();
    private long calls;

    private Fleet fleet(Route route) {
        Fleets fleets = new Fleets(
                new Routes(List.of(route)),
                new GoodKeys(new KeyRings(List.of(), Map.of())),
                new SplittableRandom(1),
                (deployment, now) -> full.contains(deployment.name()) ? 0 : 0.5);
        return Objects.requireNonNull(fleets.of(call("hi").request().url()));
    }

    private CallContext call(String prompt) {
        LlmRequest request = FakeTransport.chat(BalancedCalls.BASE + "/chat/completions").toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(BalancedCalls.body("gpt-4o", prompt)), "application/json"))
                .build();
        return SimulatedCalls.call(request, ++calls, ticker);
    }

    private Lane picked(Fleet fleet, String prompt) {
        CallContext call = call(prompt);
        return Objects.requireNonNull(fleet.pick(call, call.request(), ticker.nanos()));
    }

    private String pick(Fleet fleet) {
        return pick(fleet, "hi");
    }

    private String pick(Fleet fleet, String prompt) {
        return picked(fleet, prompt).member().deployment().name();
    }

    private static Route route(String how) {
        Deployment first = BalancedCalls.at("a");
        Deployment[] others = {BalancedCalls.at("b"), BalancedCalls.at("c"), BalancedCalls.at("d")};
        return switch (how) {
            case "failover" -> FROM.failover(first, others);
            case "roundRobin" -> FROM.roundRobin(first, others);
            case "balance" -> FROM.balance(first, others);
            default -> FROM.balance(first, others).promptAffinity();
        };
    }

    @ParameterizedTest
    @CsvSource({"failover", "roundRobin", "balance", "affinity"})
    void theOneThatHasRoomGetsAllCalls(String how) {
        Fleet fleet = fleet(route(how));
        full.addAll(List.of("a", "b", "d"));
        for (int i = 0; i < 50; i++) {
            assertThat(pick(fleet, i + " x".repeat(PromptPrefix.LENGTH))).isEqualTo("c");
        }
    }

    @ParameterizedTest
    @CsvSource({"failover, 1", "roundRobin, 4", "balance, 4", "affinity, 4"})
    void whereNoneHasRoomItIsAsIfAllHad(String how, int places) {
        Fleet fleet = fleet(route(how));
        full.addAll(List.of("a", "b", "c", "d"));
        Set<String> picked = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            picked.add(pick(fleet, i + " x".repeat(PromptPrefix.LENGTH)));
        }
        assertThat(picked).hasSize(places).contains("a");
    }

    @Test
    void thoseThatHaveRoomStillTakeTheirTurns() {
        Fleet fleet = fleet(route("roundRobin"));
        full.add("b");
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < 90; i++) {
            order.append(pick(fleet));
        }
        assertThat(order).doesNotContain("b");
        for (String name : List.of("a", "c", "d")) {
            assertThat(order.chars().filter(each -> each == name.charAt(0)).count())
                    .isBetween(25L, 40L);
        }
    }

    @Test
    void aDeploymentOfAHigherNumberDoesNotServeBecauseOthersAreBusy() {
        Fleet fleet = fleet(
                FROM.failover(BalancedCalls.at("a"), BalancedCalls.at("spare").priority(1)));
        full.add("a");
        assertThat(pick(fleet)).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({"failover", "roundRobin", "balance"})
    void oneThatHasNoRoomIsTriedAgainWhenItHas(String how) {
        Fleet fleet = fleet(route(how));
        Lane a = picked(fleet, "hi").member().lane("gpt-4o");
        while (!a.member().deployment().name().equals("a")) {
            a = picked(fleet, "hi").member().lane("gpt-4o");
        }
        for (int i = 0; i < 4; i++) {
            a.circuit().failed(Fault.builder(FaultCause.SERVER_ERROR).build(), ticker.nanos(), ticker.nanos());
        }
        assertThat(a.isOpen()).isFalse();
        full.add("a");
        ticker.advance(Duration.ofNanos(RESTED));
        for (int i = 0; i < 20; i++) {
            assertThat(pick(fleet)).isNotEqualTo("a");
        }
        full.clear();
        assertThat(pick(fleet)).isEqualTo("a");
    }
}
