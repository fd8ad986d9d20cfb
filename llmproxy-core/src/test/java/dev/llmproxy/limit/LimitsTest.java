package dev.llmproxy.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    private static final Limits NONE = Limits.perDeployment();

    @Test
    void printsWhatIsSet() {
        assertThat(NONE.adaptiveConcurrency(64)
                        .requestsPerMinute(600)
                        .tokensPerMinute(90_000)
                        .queueFor(Duration.ofSeconds(5)))
                .hasToString("perDeployment().adaptiveConcurrency(64).requestsPerMinute(600).tokensPerMinute(90000)"
                        + ".queueFor(PT5S).queueLength(1000)");
    }

    @Test
    void limitsNothingUntilItIsTold() {
        assertThat(NONE.isUnlimited()).isTrue();
        assertThat(NONE.queueFor(Duration.ofSeconds(1)).isUnlimited()).isTrue();
        assertThat(NONE.concurrency(1).isUnlimited()).isFalse();
        assertThat(NONE.requestsPerMinute(1).isUnlimited()).isFalse();
        assertThat(NONE.tokensPerMinute(1).isUnlimited()).isFalse();
    }

    @Test
    void asManyAreAdmittedAsRunAndWait() {
        assertThat(NONE.concurrency(10).mostAdmitted()).isEqualTo(10);
        assertThat(NONE.concurrency(10)
                        .queueFor(Duration.ofSeconds(1))
                        .queueLength(5)
                        .mostAdmitted())
                .isEqualTo(15);
        assertThat(NONE.requestsPerMinute(10).mostAdmitted()).isZero();
    }

    @Test
    void refusesTwoKindsOfConcurrency() {
        assertThatThrownBy(() -> NONE.concurrency(3).adaptiveConcurrency(64))
                .hasMessage("adaptiveConcurrency: 64 with concurrency: 3 (expected: one of them)");
        assertThatThrownBy(() -> NONE.adaptiveConcurrency(64).concurrency(3))
                .hasMessage("concurrency: 3 with adaptiveConcurrency: 64 (expected: one of them)");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 100_001})
    void refusesImpossibleNumbers(int number) {
        assertThatThrownBy(() -> NONE.concurrency(number))
                .hasMessage("concurrency: " + number + " (expected: 1 to 100000)");
        assertThatThrownBy(() -> NONE.adaptiveConcurrency(number))
                .hasMessage("adaptiveConcurrency: " + number + " (expected: 2 to 100000)");
        assertThatThrownBy(() -> NONE.queueLength(number))
                .hasMessage("queueLength: " + number + " (expected: 1 to 100000)");
    }

    @Test
    void refusesImpossibleRatesAndWaits() {
        assertThatThrownBy(() -> NONE.requestsPerMinute(0))
                .hasMessage("requestsPerMinute: 0 (expected: 1 to 10000000000)");
        assertThatThrownBy(() -> NONE.tokensPerMinute(-1))
                .hasMessage("tokensPerMinute: -1 (expected: 1 to 10000000000)");
        assertThatThrownBy(() -> NONE.queueFor(Duration.ofHours(2)))
                .hasMessage("queueFor: PT2H (expected: 0 to 1 hour)");
    }
}
