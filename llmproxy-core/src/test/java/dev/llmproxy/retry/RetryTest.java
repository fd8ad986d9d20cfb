package dev.llmproxy.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.call.RetryMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryTest {
    @Test
    void readsAsAPhrase() {
        Retry retry =
                Retry.attempts(4).within(Duration.ofSeconds(60)).budget(0.2).mode(RetryMode.AGGRESSIVE);
        assertThat(retry.longestWait(Duration.ofSeconds(5)))
                .hasToString("Retry.attempts(4).mode(AGGRESSIVE).within(PT1M).longestWait(PT5S).budget(0.2)");
    }

    @Test
    void isSafeUnlessItIsToldOtherwise() {
        assertThat(Retry.attempts(3))
                .hasToString("Retry.attempts(3).mode(SAFE).within(PT24H).longestWait(PT1M).budget(0.1)");
    }

    @Test
    void refusesWhatMakesNoSense() {
        Retry retry = Retry.attempts(1);
        assertThatThrownBy(() -> Retry.attempts(0)).hasMessage("attempts: 0 (expected: 1 to 20)");
        assertThatThrownBy(() -> Retry.attempts(21)).hasMessage("attempts: 21 (expected: 1 to 20)");
        assertThatThrownBy(() -> retry.within(Duration.ZERO))
                .hasMessage("within: PT0S (expected: more than 0, at most a day)");
        assertThatThrownBy(() -> retry.longestWait(Duration.ofDays(2)))
                .hasMessage("longestWait: PT48H (expected: more than 0, at most a day)");
        assertThatThrownBy(() -> retry.budget(Double.NaN)).hasMessage("budget: NaN (expected: 0 to 1)");
        assertThatThrownBy(() -> retry.budget(1.5)).hasMessage("budget: 1.5 (expected: 0 to 1)");
    }
}
