package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReuseTest {
    private static final int CALLS = 100;

    private final Reuse reuse = new Reuse();
    private long now;

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Reuse.@Nullable Churn oneByOne(int calls, boolean opening, Duration pause) {
        Reuse.@Nullable Churn found = null;
        for (int i = 0; i < calls && found == null; i++) {
            reuse.began(now);
            pass(Duration.ofMillis(100));
            reuse.ended(opening, true, false, now);
            pass(pause);
            found = reuse.churn();
        }
        return found;
    }

    private Reuse.@Nullable Churn inBursts(int bursts, int calls, int reusing) {
        Reuse.@Nullable Churn found = null;
        for (int burst = 0; burst < bursts; burst++) {
            for (int i = 0; i < calls; i++) {
                reuse.began(now);
            }
            pass(Duration.ofMillis(100));
            for (int i = 0; i < calls; i++) {
                reuse.ended(burst == 0 || i >= reusing, true, false, now);
                found = found == null ? reuse.churn() : found;
            }
        }
        return found;
    }

    @Test
    void callsThatAllOpenAConnectionAreChurn() {
        assertThat(oneByOne(CALLS, true, Duration.ZERO)).isEqualTo(new Reuse.Churn(20, 0, 21, 0, 0));
    }

    @Test
    void callsThatReuseTheirsAreNone() {
        assertThat(oneByOne(CALLS, false, Duration.ZERO)).isNull();
    }

    @Test
    void fewCallsSayNothing() {
        assertThat(oneByOne(20, true, Duration.ZERO)).isNull();
    }

    @Test
    void callsThatComeAfterAServerMayHaveClosedSayNothing() {
        assertThat(oneByOne(CALLS, true, Duration.ofSeconds(3))).isNull();
    }

    @Test
    void whatIsOpenedOutsideTheReachOfAPoolSaysNothing() {
        assertThat(inBursts(50, 64, 5)).isNull();
    }

    @Test
    void burstsThatFindNoneOfTheirConnectionsAgainAreChurn() {
        assertThat(inBursts(50, 64, 0)).isNotNull();
    }

    @Test
    void manyAtATimeThatReuseTheirsAreNoneWhileTheyAreOnTheirWay() {
        inBursts(1, 5, 0);
        for (int i = 0; i < CALLS; i++) {
            reuse.began(now);
            reuse.began(now);
            assertThat(reuse.churn()).isNull();
            pass(Duration.ofMillis(10));
            reuse.ended(false, true, false, now);
            reuse.ended(false, true, false, now);
        }
    }

    @Test
    void connectionsThatTheOtherSideBreaksAreNotMissed() {
        for (int i = 0; i < CALLS; i++) {
            reuse.began(now);
            reuse.ended(true, false, false, now);
            assertThat(reuse.churn()).isNull();
        }
    }

    @Test
    void whatWasSeenLongAgoIsForgotten() {
        oneByOne(15, true, Duration.ZERO);
        pass(Duration.ofMinutes(2));
        assertThat(oneByOne(15, true, Duration.ZERO)).isNull();
    }

    @Test
    void countsWhatThisSideEndedAndNeverClosed() {
        oneByOne(10, true, Duration.ZERO);
        reuse.closedEarly();
        reuse.leaked();
        assertThat(oneByOne(CALLS, true, Duration.ZERO)).isEqualTo(new Reuse.Churn(20, 0, 21, 1, 1));
    }
}
