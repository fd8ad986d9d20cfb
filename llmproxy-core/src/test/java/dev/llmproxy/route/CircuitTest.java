package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CircuitTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Fault BROKEN = Fault.builder(FaultCause.SERVER_ERROR).build();

    private final Circuit circuit = new Circuit(new SplittableRandom(1));
    private long now = 1_000 * SECOND;

    private Circuit.Rest shut() {
        Circuit.@Nullable Rest rest = null;
        for (int i = 0; i < 4; i++) {
            rest = circuit.failed(BROKEN, now, now);
        }
        return Objects.requireNonNull(rest);
    }

    private void restedFrom(Circuit.Rest rest) {
        now += rest.nanos();
    }

    @Test
    void aPermitIsGivenOnceWhenItIsDue() {
        Circuit.Rest rest = shut();
        assertThat(circuit.tryAgain(now + rest.nanos() - 1, false)).isFalse();
        restedFrom(rest);
        assertThat(circuit.tryAgain(now, false)).isTrue();
        assertThat(circuit.tryAgain(now, false)).isFalse();
        assertThat(circuit.isOpen()).isFalse();
    }

    @Test
    void whoDoesNotComeBackIsFollowedByAnother() {
        restedFrom(shut());
        assertThat(circuit.tryAgain(now, false)).isTrue();
        assertThat(circuit.tryAgain(now + Circuit.PATIENCE - 1, false)).isFalse();
        assertThat(circuit.tryAgain(now + Circuit.PATIENCE, false)).isTrue();
    }

    @Test
    void whatSwallowsCallsRestsLongerWhenTheFirstOfThemIsGivenUp() {
        restedFrom(shut());
        long first = now;
        assertThat(circuit.tryAgain(first, false)).isTrue();
        int others = 0;
        for (now = first; now < first + 30 * SECOND; now += SECOND) {
            others += circuit.tryAgain(now, false) ? 1 : 0;
        }
        // After 5 and 15 s: fewer and fewer are spent on it.
        assertThat(others).isEqualTo(2);
        Circuit.Rest again = Objects.requireNonNull(circuit.failed(BROKEN, first, now));
        assertThat(again.number()).isEqualTo(2);
        assertThat(again.nanos()).isBetween(16 * SECOND, 24 * SECOND);
        // What is said of the others is known already.
        assertThat(circuit.failed(BROKEN, first + 5 * SECOND, now + 5 * SECOND)).isNull();
        restedFrom(again);
        assertThat(circuit.tryAgain(now - 1, false)).isFalse();
        assertThat(circuit.tryAgain(now, false)).isTrue();
        assertThat(circuit.failed(BROKEN, first + 15 * SECOND, now + SECOND)).isNull();
        assertThat(circuit.tryAgain(now + Circuit.PATIENCE, false)).isTrue();
    }

    @Test
    void anAnswerOpensItAndItWarmsUp() {
        Circuit.Rest rest = shut();
        long shutAt = now;
        restedFrom(rest);
        circuit.tryAgain(now, false);
        now += SECOND;
        assertThat(circuit.succeeded(now - SECOND, now)).isEqualTo(now - shutAt);
        assertThat(circuit.isOpen()).isTrue();
        assertThat(circuit.warmth(now)).isEqualTo(0.1);
        assertThat(circuit.warmth(now + 15 * SECOND)).isEqualTo(0.55);
        assertThat(circuit.warmth(now + 30 * SECOND)).isEqualTo(1);
    }

    @Test
    void whatWasSentBeforeSaysNothingWhenItComes() {
        long before = now - SECOND;
        Circuit.Rest rest = shut();
        assertThat(circuit.succeeded(before, now)).isEqualTo(-1);
        restedFrom(rest);
        circuit.tryAgain(now, false);
        assertThat(circuit.failed(BROKEN, before, now)).isNull();
        assertThat(circuit.isOpen()).isFalse();
    }

    @Test
    void withNothingElseItNeedNotBeRested() {
        shut();
        assertThat(circuit.tryAgain(now + Circuit.PATIENCE - 1, true)).isFalse();
        assertThat(circuit.tryAgain(now + Circuit.PATIENCE, true)).isTrue();
    }

    @Test
    void whatAProviderSaysCountsAsLongAsItIsLonger() {
        Fault told = Fault.builder(FaultCause.PROVIDER_OVERLOADED)
                .retryAfter(Duration.ofSeconds(90))
                .build();
        Circuit.@Nullable Rest rest = null;
        for (int i = 0; i < 4; i++) {
            rest = circuit.failed(told, now, now);
        }
        assertThat(Objects.requireNonNull(rest).nanos()).isEqualTo(90 * SECOND);
    }

    @Test
    void tenGoodMinutesForgiveOneRest() {
        for (int number = 1; number <= 3; number++) {
            Circuit.Rest rest = shut();
            assertThat(rest.number()).isEqualTo(number);
            restedFrom(rest);
            circuit.tryAgain(now, false);
            circuit.succeeded(now, now);
        }
        now += 2 * 600 * SECOND;
        assertThat(shut().number()).isEqualTo(2);
    }

    @Test
    void answersMakeUpForFailures() {
        for (int i = 0; i < 1_000; i++) {
            if (i % 40 == 0) {
                assertThat(circuit.failed(BROKEN, now, now)).isNull();
            }
            circuit.succeeded(now, now);
        }
        assertThat(circuit.isOpen()).isTrue();
    }
}
