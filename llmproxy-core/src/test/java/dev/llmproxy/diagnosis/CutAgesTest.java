package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CutAgesTest {
    private final CutAges ages = new CutAges();
    private long now;

    private CutAges.@Nullable Constant cutAfter(double seconds) {
        now += Duration.ofMinutes(1).toNanos();
        return ages.add((long) (seconds * 1e9), now);
    }

    @Test
    void threeAtOneAgeAreATimer() {
        assertThat(cutAfter(60.1)).isNull();
        assertThat(cutAfter(59.9)).isNull();
        assertThat(cutAfter(60.4)).hasToString("3 of 3 cut calls ended after 60 s to 60 s");
    }

    @Test
    void cutsAtAnyAgeAreNone() {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            assertThat(cutAfter(2 + 300 * random.nextDouble())).isNull();
        }
    }

    @Test
    void aFewOtherCutsDoNotHideThem() {
        assertThat(cutAfter(12)).isNull();
        assertThat(cutAfter(100.2)).isNull();
        assertThat(cutAfter(99.8)).isNull();
        assertThat(cutAfter(3)).isNull();
        assertThat(cutAfter(100)).hasToString("3 of 5 cut calls ended after 100 s to 100 s");
    }

    @Test
    void whatIsCutAtOnceIsNoTimer() {
        for (int i = 0; i < 5; i++) {
            assertThat(cutAfter(0.01)).isNull();
        }
    }

    @Test
    void oldCutsAreForgotten() {
        assertThat(cutAfter(60)).isNull();
        assertThat(cutAfter(60)).isNull();
        now += Duration.ofHours(2).toNanos();
        assertThat(cutAfter(60)).isNull();
    }
}
