package dev.llmproxy.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PhaseTimesTest {
    private static final long MILLI = 1_000_000;

    private final long[] marks = new long[Phase.values().length];

    private void mark(Phase phase, long millis) {
        marks[phase.ordinal()] = millis * MILLI + 1;
    }

    @Test
    void tellsWhenAPhaseBeganAndHowLongItLasted() {
        mark(Phase.QUEUE, 0);
        mark(Phase.CONNECT, 5);
        mark(Phase.WAIT, 20);
        PhaseTimes times = PhaseTimes.of(marks);
        assertThat(times.beganAt(Phase.CONNECT)).contains(Duration.ofMillis(5));
        assertThat(times.beganAt(Phase.TLS)).isEmpty();
        assertThat(times.nanosIn(Phase.CONNECT)).isEqualTo(15 * MILLI);
        assertThat(times.nanosIn(Phase.TLS)).isEqualTo(-1);
        assertThat(times.nanosIn(Phase.WAIT)).isEqualTo(-1);
        assertThat(times.nanosBetween(Phase.QUEUE, Phase.WAIT)).isEqualTo(20 * MILLI);
        assertThat(times).hasToString("QUEUE 0, CONNECT 5, WAIT 20");
    }

    @Test
    void isAPictureThatDoesNotChange() {
        mark(Phase.QUEUE, 0);
        PhaseTimes times = PhaseTimes.of(marks);
        mark(Phase.DNS, 1);
        assertThat(times.reached(Phase.DNS)).isFalse();
    }

    @Test
    void anAttemptThatIsGivenUpEndsThen() {
        mark(Phase.QUEUE, 0);
        PhaseTimes times = PhaseTimes.of(marks);
        assertThat(times.endedAfter(3 * MILLI).beganAt(Phase.END)).contains(Duration.ofMillis(3));
        assertThat(times.reached(Phase.END)).isFalse();
    }

    @Test
    void refusesAnotherNumberOfPhases() {
        assertThatThrownBy(() -> PhaseTimes.of(new long[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("marks: 2 of them (expected: one for each of 10 phases)");
    }
}
