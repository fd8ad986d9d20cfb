package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectTimesTest {
    private final ConnectTimes times = new ConnectTimes();

    private int retransmits(long millis) {
        return times.retransmits(Duration.ofMillis(millis).toNanos());
    }

    @ParameterizedTest
    @CsvSource({"1020, 1", "975, 1", "1160, 1", "3030, 2", "7100, 3"})
    void aConnectThatIsLateByTheTimesOfAKernelWasSentAgain(long millis, int repeats) {
        retransmits(20);
        assertThat(retransmits(millis)).isEqualTo(repeats);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 40, 300, 900, 1_300, 2_000, 2_900, 4_000, 5_000, 6_500, 8_000, 15_000})
    void otherTimesAreNoSign(long millis) {
        retransmits(20);
        assertThat(retransmits(millis)).isZero();
    }

    @Test
    void nothingIsSaidBeforeTheUsualTimeIsKnown() {
        assertThat(retransmits(1_010)).isZero();
        assertThat(retransmits(10)).isZero();
        assertThat(retransmits(1_010)).isEqualTo(1);
    }

    @Test
    void nothingIsSaidWhereConnectsAreSlowAnyway() {
        retransmits(700);
        assertThat(retransmits(1_710)).isZero();
    }

    @Test
    void whatWasSentAgainIsNotLearned() {
        retransmits(20);
        for (int i = 0; i < 20; i++) {
            assertThat(retransmits(1_020)).isEqualTo(1);
        }
    }
}
