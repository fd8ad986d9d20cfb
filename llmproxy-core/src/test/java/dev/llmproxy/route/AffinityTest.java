package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AffinityTest {
    private static final int PROMPTS = 300;

    private static BalancedCalls to(Deployment first, Deployment... others) {
        return new BalancedCalls(
                Route.from(BalancedCalls.BASE).balance(first, others).promptAffinity());
    }

    private static String prompt(int number, String end) {
        return BalancedCalls.body("gpt-4o", number + " x".repeat(3_000) + end);
    }

    private static Map<Integer, String> homes(BalancedCalls calls) throws IOException {
        Map<Integer, String> homes = new HashMap<>();
        for (int i = 0; i < PROMPTS; i++) {
            homes.put(i, home(calls, prompt(i, "")));
        }
        return homes;
    }

    private static String home(BalancedCalls calls, String body) throws IOException {
        calls.hold(body).close();
        return calls.last();
    }

    @Test
    void whatBeginsAlikeGoesToOnePlace() throws IOException {
        try (BalancedCalls calls = to(BalancedCalls.at("a"), BalancedCalls.at("b"), BalancedCalls.at("c"))) {
            Map<Integer, String> homes = homes(calls);
            for (int i = 0; i < PROMPTS; i++) {
                assertThat(home(calls, prompt(i, "and another turn"))).isEqualTo(homes.get(i));
            }
        }
    }

    @Test
    void promptsAreSpreadByWeight() throws IOException {
        try (BalancedCalls calls = to(BalancedCalls.at("a").weight(2), BalancedCalls.at("b"), BalancedCalls.at("c"))) {
            var homes = homes(calls).values();
            assertThat(homes.stream().filter("a"::equals).count()).isCloseTo(150, within(30L));
            assertThat(homes.stream().filter("b"::equals).count()).isCloseTo(75, within(25L));
        }
    }

    @Test
    void onlyThePromptsOfTheOneThatLeavesMove() throws IOException {
        try (BalancedCalls calls = to(BalancedCalls.at("a"), BalancedCalls.at("b"), BalancedCalls.at("c"))) {
            Map<Integer, String> before = homes(calls);
            calls.eject("c");
            Map<Integer, String> after = homes(calls);
            for (int i = 0; i < PROMPTS; i++) {
                if (before.getOrDefault(i, "").equals("c")) {
                    assertThat(after.get(i)).isNotEqualTo("c");
                } else {
                    assertThat(after.get(i)).isEqualTo(before.get(i));
                }
            }
        }
    }

    @Test
    void aPromptThatEverybodySendsDoesNotFillOnePlace() throws IOException {
        try (BalancedCalls calls = to(BalancedCalls.at("a"), BalancedCalls.at("b"), BalancedCalls.at("c"))) {
            for (int i = 0; i < 90; i++) {
                calls.hold(prompt(1, ""));
            }
            for (String name : new String[] {"a", "b", "c"}) {
                assertThat(calls.inFlight(name)).isBetween(14, 38);
            }
        }
    }

    @Test
    void shortPromptsAreBalanced() throws IOException {
        try (BalancedCalls calls = to(BalancedCalls.at("a"), BalancedCalls.at("b"))) {
            for (int i = 0; i < 100; i++) {
                calls.call();
            }
            assertThat(calls.sent("a")).isBetween(25, 75);
        }
    }

    @Test
    void otherWaysToSpreadHaveNone() {
        assertThatThrownBy(() -> Route.from(BalancedCalls.BASE)
                        .roundRobin(BalancedCalls.at("a"))
                        .promptAffinity())
                .hasMessage("promptAffinity: on a route whose calls go in turn (expected: one of Route.From.balance)");
    }
}
