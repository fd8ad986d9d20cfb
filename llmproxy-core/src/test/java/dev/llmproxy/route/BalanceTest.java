package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.retry.Retry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BalanceTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Route balanced(Deployment first, Deployment... others) {
        return Route.from(BalancedCalls.BASE).balance(first, others);
    }

    @Test
    void equalOnesGetWhatTheirWeightsSay() throws IOException {
        try (BalancedCalls calls = new BalancedCalls(
                balanced(BalancedCalls.at("a").weight(3), BalancedCalls.at("b").weight(1)))) {
            calls.calls(2_000, Duration.ofMillis(100));
            assertThat(calls.sent("a")).isCloseTo(1_500, within(80));
        }
    }

    @Test
    void theBusierOneForItsWeightIsPassedOver() throws IOException {
        try (BalancedCalls calls = new BalancedCalls(
                balanced(BalancedCalls.at("a").weight(2), BalancedCalls.at("b"), BalancedCalls.at("c")))) {
            for (int i = 0; i < 80; i++) {
                calls.hold();
            }
            assertThat(calls.inFlight("a")).isCloseTo(40, within(6));
            assertThat(calls.inFlight("b")).isCloseTo(20, within(5));
            assertThat(calls.inFlight("c")).isCloseTo(20, within(5));
        }
    }

    @Test
    void theSlowOneGetsLittle() throws IOException {
        try (BalancedCalls calls = new BalancedCalls(balanced(BalancedCalls.at("a"), BalancedCalls.at("b")))) {
            calls.answer("a", calls.after(SECOND, FakeTransport.ok()));
            calls.answer("b", calls.after(Duration.ofSeconds(8), FakeTransport.ok()));
            calls.calls(500, SECOND);
            // It is looked at now and then, else nobody would learn that it is fast again.
            assertThat(calls.sent("b")).isBetween(2, 25);
            calls.answer("b", calls.after(Duration.ofMillis(500), FakeTransport.ok()));
            calls.calls(100, SECOND);
            calls.forget();
            calls.calls(200, SECOND);
            assertThat(calls.sent("b")).isGreaterThan(100);
        }
    }

    @Test
    void whatFailsFastDoesNotAttract() throws IOException {
        try (BalancedCalls calls =
                new BalancedCalls(balanced(BalancedCalls.at("a"), BalancedCalls.at("b"), BalancedCalls.at("c")))) {
            calls.answer("a", calls.after(SECOND, FakeTransport.ok()));
            calls.answer("b", calls.after(SECOND, FakeTransport.ok()));
            calls.fail("c");
            calls.calls(600, SECOND);
            // Four failures, and one each time that it was tried again.
            assertThat(calls.sent("c")).isBetween(5, 12);
        }
    }

    @Test
    void thoseOfAHigherNumberServeWhenTheOthersAreEjected() throws IOException {
        try (BalancedCalls calls = new BalancedCalls(
                balanced(BalancedCalls.at("a"), BalancedCalls.at("spare").priority(1)))) {
            calls.calls(20, SECOND);
            assertThat(calls.sent("spare")).isZero();
            calls.fail("a");
            calls.calls(4, SECOND);
            calls.forget();
            calls.calls(6, SECOND);
            assertThat(calls.sent("spare")).isEqualTo(6);
        }
    }

    @Test
    void halfOfATierServesAlone() throws IOException {
        try (BalancedCalls calls = new BalancedCalls(balanced(
                BalancedCalls.at("a"),
                BalancedCalls.at("b"),
                BalancedCalls.at("spare").priority(1)))) {
            calls.eject("a");
            calls.forget();
            calls.calls(50, SECOND);
            assertThat(calls.sent("spare")).isZero();
        }
    }

    @Test
    void aCallThatFailedGoesToAnother() throws IOException {
        LlmProxy.Builder builder = LlmProxy.builder()
                .route(balanced(BalancedCalls.at("a"), BalancedCalls.at("b"), BalancedCalls.at("c")))
                .retry(Retry.attempts(3));
        try (BalancedCalls calls = new BalancedCalls(builder)) {
            calls.fail("a");
            calls.fail("b");
            for (int i = 0; i < 50; i++) {
                assertThat(calls.call()).isEqualTo("c");
            }
        }
    }

    @Test
    void oneAfterTheOtherEachAsOftenAsItsWeightSays() throws IOException {
        Route route = Route.from(BalancedCalls.BASE)
                .roundRobin(BalancedCalls.at("a").weight(2), BalancedCalls.at("b"), BalancedCalls.at("c"));
        try (BalancedCalls calls = new BalancedCalls(route)) {
            StringBuilder order = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                order.append(calls.call());
            }
            assertThat(order).hasToString("aabcaabc");
        }
    }

    @Test
    void aPlaceIsFreeWhenTheBodyHasEnded() throws IOException {
        try (BalancedCalls calls = new BalancedCalls(balanced(BalancedCalls.at("a")))) {
            calls.hold().body().readByteString();
            assertThat(calls.inFlight("a")).isZero();
            var closed = calls.hold();
            assertThat(calls.inFlight("a")).isEqualTo(1);
            closed.close();
            assertThat(calls.inFlight("a")).isZero();
            calls.fail("a");
            calls.hold();
            assertThat(calls.inFlight("a")).isZero();
        }
    }

    @Test
    void weightsAndPrioritiesHaveTheirBounds() {
        assertThatThrownBy(() -> BalancedCalls.at("a").weight(0)).hasMessage("weight: 0 (expected: 1 to 1000)");
        assertThatThrownBy(() -> BalancedCalls.at("a").priority(-1)).hasMessage("priority: -1 (expected: 0 to 100)");
        Deployment[] many = new Deployment[64];
        for (int i = 0; i < many.length; i++) {
            many[i] = BalancedCalls.at("d" + i);
        }
        assertThatThrownBy(() -> balanced(BalancedCalls.at("a"), many))
                .hasMessage("deployments: 65 (expected: at most 64)");
    }
}
