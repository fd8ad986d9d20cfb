package dev.llmproxy.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PausesTest {
    private static final long MILLI = 1_000_000;

    private final Pauses pauses = new Pauses();

    private long within(long from, long to, long dueAt) {
        return pauses.within(from * MILLI, to * MILLI, dueAt == Long.MAX_VALUE ? dueAt : dueAt * MILLI) / MILLI;
    }

    @Test
    void onlyWhatLiesInTheTimeCounts() {
        pauses.add(1_000 * MILLI, 3_000 * MILLI);
        assertThat(within(0, 500, Long.MAX_VALUE)).isZero();
        assertThat(within(0, 2_000, Long.MAX_VALUE)).isEqualTo(1_000);
        assertThat(within(2_500, 9_000, Long.MAX_VALUE)).isEqualTo(500);
        assertThat(within(3_000, 9_000, Long.MAX_VALUE)).isZero();
    }

    @Test
    void whatIsLittleLateIsNoPause() {
        pauses.add(1_000 * MILLI, 1_090 * MILLI);
        assertThat(within(0, 2_000, 1_950)).isZero();
    }

    @Test
    void whatIsDueAndHasNotRunYetIsAPause() {
        assertThat(within(500, 3_000, 1_000)).isEqualTo(2_000);
        assertThat(within(2_000, 3_000, 1_000)).isEqualTo(1_000);
    }

    @Test
    void theLastOnesAreKept() {
        for (long i = 0; i < 100; i++) {
            pauses.add(i * 1_000 * MILLI, (i * 1_000 + 500) * MILLI);
        }
        assertThat(within(0, 100_000, Long.MAX_VALUE)).isEqualTo(32 * 500);
    }
}
