package dev.llmproxy.timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.chain.Budget;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeoutsTest {
    @Test
    void areSizedForLanguageModels() {
        Timeouts standard = Timeouts.standard();
        assertThat(standard.get(Budget.DNS)).isEqualTo(Duration.ofSeconds(5));
        assertThat(standard.get(Budget.CONNECT)).isEqualTo(Duration.ofSeconds(10));
        assertThat(standard.get(Budget.UPLOAD)).isEqualTo(Duration.ofSeconds(30));
        assertThat(standard.get(Budget.FIRST_BYTE)).isEqualTo(Duration.ofMinutes(5));
        assertThat(standard.get(Budget.BETWEEN_BYTES)).isEqualTo(Duration.ofSeconds(60));
        assertThat(standard.get(Budget.ATTEMPT)).isEqualTo(Duration.ofMinutes(10));
        assertThat(standard.get(Budget.CALL)).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void changingOneLeavesTheOthersAndTheOriginal() {
        Timeouts changed = Timeouts.standard().connect(Duration.ofSeconds(1));
        assertThat(changed.get(Budget.CONNECT)).isEqualTo(Duration.ofSeconds(1));
        assertThat(changed.get(Budget.CALL)).isEqualTo(Duration.ofMinutes(15));
        assertThat(Timeouts.standard().get(Budget.CONNECT)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void refuseWhatIsNoTime() {
        assertThatThrownBy(() -> Timeouts.standard().firstByte(Duration.ZERO))
                .hasMessage("firstByte: PT0S (expected: more than 0, at most a day)");
        assertThatThrownBy(() -> Timeouts.standard().call(Duration.ofDays(2)))
                .hasMessage("call: PT48H (expected: more than 0, at most a day)");
    }

    @Test
    void refuseTwoThatContradictEachOtherWhenTheProxyIsBuilt() {
        LlmProxy.Builder builder = LlmProxy.builder()
                .timeouts(Timeouts.standard().attempt(Duration.ofMinutes(2)).call(Duration.ofMinutes(1)));
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attempt: PT2M (expected: at most call, which is PT1M)");
    }

    @Test
    void aBudgetThatWasNotSetIsCutByTheOneThatEnclosesIt() {
        Limits limits = new Limits(Timeouts.standard().attempt(Duration.ofSeconds(30)));
        assertThat(limits.of(Budget.FIRST_BYTE))
                .isEqualTo(Duration.ofSeconds(30).toNanos());
        assertThat(limits.within(Duration.ofSeconds(2).toNanos())[Budget.CONNECT.ordinal()])
                .isEqualTo(Duration.ofSeconds(2).toNanos());
        assertThat(limits.within(Long.MAX_VALUE)).isSameAs(limits.within(Long.MAX_VALUE - 1));
    }
}
