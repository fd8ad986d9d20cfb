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
        assertThat(standard.get(Budget.TLS)).isEqualTo(Duration.ofSeconds(10));
        assertThat(standard.get(Budget.FIRST_TOKEN)).isEqualTo(Duration.ofMinutes(5));
        assertThat(standard.get(Budget.BETWEEN_TOKENS)).isEqualTo(Duration.ofMinutes(2));
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
    void namesBothOfTwoThatContradictEachOther() {
        assertThatThrownBy(() -> Timeouts.standard()
                        .firstToken(Duration.ofMinutes(4))
                        .attempt(Duration.ofMinutes(3))
                        .check())
                .hasMessage("firstToken: PT4M (expected: at most attempt, which is PT3M)");
        assertThatThrownBy(() -> Timeouts.standard()
                        .betweenTokens(Duration.ofMinutes(4))
                        .attempt(Duration.ofMinutes(3))
                        .check())
                .hasMessage("betweenTokens: PT4M (expected: at most attempt, which is PT3M)");
        assertThatThrownBy(() -> Timeouts.standard()
                        .tls(Duration.ofMinutes(4))
                        .attempt(Duration.ofMinutes(3))
                        .check())
                .hasMessage("tls: PT4M (expected: at most attempt, which is PT3M)");
    }

    @Test
    void keepTheirBudgetsWhenTheModeChangesAndTheOtherWayRound() {
        Timeouts timeouts = Timeouts.standard()
                .firstToken(Duration.ofSeconds(9))
                .adapt(Adapt.RAISE_ONLY)
                .tls(Duration.ofSeconds(2));
        assertThat(timeouts).hasToString("Timeouts RAISE_ONLY{TLS=PT2S, FIRST_TOKEN=PT9S}");
        assertThat(Timeouts.standard().mode()).isEqualTo(Adapt.OBSERVE);
        assertThat(Timeouts.adaptive().mode()).isEqualTo(Adapt.ENFORCE);
    }

    @Test
    void aBudgetThatWasNotSetIsCutByTheOneThatEnclosesIt() {
        Limits limits = new Limits(Timeouts.standard().attempt(Duration.ofSeconds(30)));
        assertThat(limits.of(Budget.FIRST_BYTE))
                .isEqualTo(Duration.ofSeconds(30).toNanos());
        long[] all = limits.of(false);
        assertThat(Limits.within(all, Duration.ofSeconds(2).toNanos())[Budget.CONNECT.ordinal()])
                .isEqualTo(Duration.ofSeconds(2).toNanos());
        assertThat(Limits.within(all, Long.MAX_VALUE)).isSameAs(all);
    }

    @Test
    void theHeadersOfAStreamHaveToComeBeforeItsFirstToken() {
        Limits limits = new Limits(Timeouts.standard().firstToken(Duration.ofSeconds(30)));
        int firstByte = Budget.FIRST_BYTE.ordinal();
        assertThat(limits.of(true)[firstByte]).isEqualTo(Duration.ofSeconds(30).toNanos());
        assertThat(limits.of(false)[firstByte]).isEqualTo(Duration.ofMinutes(5).toNanos());
        assertThat(limits.areAlike()).isFalse();
        assertThat(new Limits(Timeouts.standard()).areAlike()).isTrue();
    }
}
