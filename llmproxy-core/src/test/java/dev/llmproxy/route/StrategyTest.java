package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Strategy.Candidate;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StrategyTest {
    private final List<String> seen = new ArrayList<>();

    private BalancedCalls by(Strategy strategy) {
        return new BalancedCalls(Route.from(BalancedCalls.BASE)
                .by(strategy, BalancedCalls.at("a"), BalancedCalls.at("b"), BalancedCalls.at("c")));
    }

    private Optional<Candidate> last(List<Candidate> candidates) {
        seen.add(candidates.toString());
        return Optional.of(candidates.get(candidates.size() - 1));
    }

    @Test
    void itChoosesAmongThoseThatMayServe() throws IOException {
        try (BalancedCalls calls = by((call, candidates) -> last(candidates))) {
            calls.fail("c");
            calls.calls(5, Duration.ofSeconds(1));
            assertThat(seen).containsExactly("[a, b, c]", "[a, b, c]", "[a, b, c]", "[a, b, c]", "[a, b]");
            assertThat(calls.sent("b")).isEqualTo(1);
        }
    }

    @Test
    void itIsToldHowTheyAre() throws IOException {
        List<Candidate> told = new ArrayList<>();
        Strategy first = (call, candidates) -> {
            told.clear();
            told.addAll(candidates);
            return Optional.of(candidates.get(0));
        };
        try (BalancedCalls calls = by(first)) {
            calls.answer("a", calls.after(Duration.ofSeconds(2), FakeTransport.ok()));
            calls.hold();
            calls.fail("a");
            calls.call();
            calls.call();
            assertThat(told.get(0).deployment().name()).isEqualTo("a");
            assertThat(told.get(0).inFlight()).isEqualTo(1);
            assertThat(told.get(0).firstToken()).hasValue(Duration.ofSeconds(2));
            assertThat(told.get(0).recentFailures()).isEqualTo(1);
            assertThat(told.get(1).firstToken()).isEmpty();
        }
    }

    @Test
    void itMayRefuseACall() throws IOException {
        try (BalancedCalls calls = by((call, candidates) -> Optional.empty())) {
            assertThat(calls.call()).isEmpty();
            assertThat(calls.events.faults().get(0).cause()).isEqualTo(FaultCause.NO_DEPLOYMENT);
            assertThat(calls.events.faults().get(0).summary())
                    .isEqualTo("the strategy of the route from https://llm.example/v1 has chosen no deployment");
        }
    }

    @Test
    void itMayRefuseThatACallIsSentElsewhere() throws IOException {
        Strategy once =
                (call, candidates) -> call.attempts().isEmpty() ? Optional.of(candidates.get(0)) : Optional.empty();
        LlmProxy.Builder builder = LlmProxy.builder()
                .route(Route.from(BalancedCalls.BASE)
                        .by(once, BalancedCalls.at("a"), BalancedCalls.at("b"), BalancedCalls.at("c")))
                .retry(Retry.attempts(3).budget(1));
        try (BalancedCalls calls = new BalancedCalls(builder)) {
            calls.answer("a", FakeTransport.failingIn(Phase.CONNECT, new ConnectException("Connection refused")));
            calls.fail("b");
            for (int i = 1; i <= 4; i++) {
                assertThat(calls.call()).isEqualTo("a");
                assertThat(calls.sent("a")).isEqualTo(i);
            }
            // The first one is ejected now, and only that one.
            calls.events.clear();
            // Of another model: else it would look as if somebody above repeated it.
            assertThat(calls.call("gpt-4o-mini")).isEqualTo("b");
            assertThat(calls.sent("b")).isEqualTo(1);
            assertThat(calls.events.faults())
                    .extracting(Fault::cause)
                    .containsExactly(FaultCause.SERVER_ERROR, FaultCause.NO_DEPLOYMENT);
            assertThat(calls.events.faults().get(1).summary())
                    .isEqualTo("the strategy of the route from https://llm.example/v1 has chosen no deployment");
        }
    }

    @Test
    void itCannotChooseAnother() throws IOException {
        Candidate[] kept = new Candidate[1];
        Strategy stubborn = (call, candidates) -> {
            kept[0] = kept[0] == null ? candidates.get(0) : kept[0];
            return Optional.of(kept[0]);
        };
        try (BalancedCalls calls = by(stubborn)) {
            calls.call();
            LlmProxy proxy = calls.proxy();
            FakeTransport transport = FakeTransport.answering(FakeTransport.ok());
            assertThatThrownBy(() -> proxy.execute(
                            FakeTransport.chat(BalancedCalls.BASE + "/chat/completions"),
                            CallOptions.none(),
                            transport))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("strategy: chose a (expected: one of its candidates [a, b, c])");
        }
    }
}
