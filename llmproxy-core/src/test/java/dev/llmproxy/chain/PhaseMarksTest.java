package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import org.junit.jupiter.api.Test;

class PhaseMarksTest {
    private final PhaseMarks marks = new PhaseMarks(Ticker.system(), 100);

    @Test
    void theTimesOfAnAttemptOnItsWayAreAPicture() {
        marks.markAt(Phase.CONNECT, 110);
        PhaseTimes times = marks.times();
        marks.markAt(Phase.WAIT, 120);
        assertThat(times.reached(Phase.WAIT)).isFalse();
        assertThat(marks.times().nanosBetween(Phase.CONNECT, Phase.WAIT)).isEqualTo(10);
    }

    @Test
    void whatTheClientTellsTooLateDoesNotChangeTheTimesOfAnAttemptThatHasEnded() {
        marks.markAt(Phase.CONNECT, 110);
        marks.markAt(Phase.END, 120);
        PhaseTimes times = marks.times();
        marks.markAt(Phase.FIRST_BYTE, 130);
        assertThat(times.reached(Phase.FIRST_BYTE)).isFalse();
        assertThat(times.nanosBetween(Phase.QUEUE, Phase.END)).isEqualTo(20);
        assertThat(marks.reached(Phase.FIRST_BYTE)).isTrue();
    }
}
