package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.diagnosis.Attribution.Matter;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Waits with pauses in them, in milliseconds. */
class AttributionTest {
    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private static Attribution judge(long waited, long limit, long usually, long from, long to, boolean starved) {
        return judge(waited, limit, usually, from, to, starved, OptionalLong.empty());
    }

    private static Attribution judge(
            long waited, long limit, long usually, long from, long to, boolean starved, OptionalLong unread) {
        Wait wait = new Wait(new Span(0, nanos(waited)), nanos(limit), nanos(usually));
        Coverage missed = Coverage.of(List.of(new Span(nanos(from), nanos(to)))).within(wait.time());
        return Attribution.of(wait, missed, 0, starved, starved, unread);
    }

    @ParameterizedTest
    @CsvSource({
        // A limit that fired late, because nothing ran when it was due.
        "2050, 800, 0,    50, 2050, 0.9",
        "2050, 800, 100,  50, 2050, 0.9",
        // It had been slow before the pause as well.
        "2500, 2000, 100, 1500, 2500, 0.6",
        // It fired in time, and this process ran only at the beginning of the wait.
        "800, 800, 0,    100, 790, 0.8",
        "800, 800, 300,  100, 790, 0.8",
        // Late by less than counts.
        "850, 800, 600,  500, 850, 0.8",
    })
    void aPauseOverTheEndOfAWaitIsDecisive(
            long waited, long limit, long usually, long from, long to, double confidence) {
        Attribution attribution = judge(waited, limit, usually, from, to, false);
        assertThat(attribution.matter()).as(attribution.toString()).isEqualTo(Matter.DECISIVE);
        assertThat(attribution.confidence()).isEqualTo(confidence);
    }

    @ParameterizedTest
    @CsvSource({
        // It ended long before, and whatever had come would have been read.
        "2000, 2000, 0,    100, 1500",
        "2000, 2000, 100,  100, 1500",
        // Small.
        "2000, 2000, 0,    1800, 2000",
        "10200, 10000, 0,  10000, 10200",
        "800, 800, 100,    640, 800",
        // Too small where nothing is known of how long it takes.
        "800, 800, 0,      450, 800",
        // The grace that follows a pause brought nothing either.
        "3200, 1000, 0,    500, 3000",
        // Without it the wait would have been as long as it was allowed to be.
        "2000, 1000, 0,    0, 900",
    })
    void aPauseWithoutWhichItWouldHaveFailedAsWellIsNot(long waited, long limit, long usually, long from, long to) {
        Attribution attribution = judge(waited, limit, usually, from, to, false);
        assertThat(attribution.matter()).as(attribution.toString()).isEqualTo(Matter.WITHOUT_EFFECT);
    }

    @Test
    void aThreadWithoutAProcessorReadsNothingBetweenThePauses() {
        assertThat(judge(2000, 1000, 0, 300, 1300, false).matter()).isEqualTo(Matter.WITHOUT_EFFECT);
        assertThat(judge(2000, 1000, 0, 300, 1300, true).matter()).isEqualTo(Matter.DECISIVE);
    }

    @Test
    void aLimitThatFiresLateWhereProcessorsAreShortNeedsNoPauseThatIsSeen() {
        assertThat(judge(520, 300, 330, 0, 0, true).matter()).isEqualTo(Matter.DECISIVE);
        assertThat(judge(520, 300, 330, 0, 0, false).matter()).isEqualTo(Matter.NONE);
        assertThat(judge(520, 300, 0, 0, 0, true).matter()).isEqualTo(Matter.DECISIVE);
    }

    @ParameterizedTest
    @CsvSource({"340, 300, 330", "400, 300, 330", "400, 300, 0", "480, 300, 0", "1190, 1000, 0", "700, 600, 100"})
    void aCrowdedMachineIsLateByLessThanCountsAllTheTime(long waited, long limit, long usually) {
        assertThat(judge(waited, limit, usually, 0, 0, true).matter()).isEqualTo(Matter.NONE);
    }

    @ParameterizedTest
    @CsvSource({"300, 300, 330", "320, 300, 330", "360, 300, 0", "400, 300, 330"})
    void whereProcessorsAreShortAnAnswerThatLayInTheSocketWasNotReadInTime(long waited, long limit, long usually) {
        OptionalLong some = OptionalLong.of(300);
        assertThat(judge(waited, limit, usually, 0, 0, true, some).matter()).isEqualTo(Matter.CROWDED_OUT);
        assertThat(judge(waited, limit, usually, 0, 0, true, OptionalLong.of(0)).matter())
                .isEqualTo(Matter.NONE);
        assertThat(judge(waited, limit, usually, 0, 0, false, some).matter()).isEqualTo(Matter.NONE);
    }

    @Test
    void soItIsWhereAPauseThatWasSeenExplainsTooLittle() {
        assertThat(judge(366, 250, 300, 100, 211, true).matter()).isEqualTo(Matter.WITHOUT_EFFECT);
        assertThat(judge(366, 250, 300, 100, 211, true, OptionalLong.of(300)).matter())
                .isEqualTo(Matter.CROWDED_OUT);
    }

    @ParameterizedTest
    @CsvSource({
        "2050, 800, 100,  50, 2050, true",
        "2050, 800, 0,    50, 2050, true",
        "800, 800, 300,   100, 790, true",
        "1400, 300, 330,  0, 0, true",
    })
    void whereNothingHadComeWhenTheWaitWasCutNoPauseMattered(
            long waited, long limit, long usually, long from, long to, boolean starved) {
        assertThat(judge(waited, limit, usually, from, to, starved).matter()).isEqualTo(Matter.DECISIVE);
        assertThat(judge(waited, limit, usually, from, to, starved, OptionalLong.of(0))
                        .matter())
                .isEqualTo(Matter.WITHOUT_EFFECT);
    }

    @Test
    void whereNothingHadComeAndTheWholeMachineMayHaveStoodStillBothMayBeAtFault() {
        Attribution attribution = judge(2050, 800, 100, 50, 2050, false, OptionalLong.of(0));
        assertThat(attribution.matter()).isEqualTo(Matter.DECISIVE);
        assertThat(attribution.confidence()).isEqualTo(Attribution.MIXED);
    }

    @Test
    void aPauseThatOnlyTheTimersNoticedCounts() {
        Wait wait = new Wait(new Span(0, nanos(2050)), nanos(800), 0);
        Attribution attribution =
                Attribution.of(wait, Coverage.none(), nanos(1500), false, false, OptionalLong.empty());
        assertThat(attribution.isDecisive()).isTrue();
        assertThat(attribution.lateNanos()).isEqualTo(nanos(1250));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whereThisProcessRanAllTheTimeItIsNeverToBlame(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 1_000; i++) {
            long limit = random.nextLong(100, 60_000);
            long waited = limit + random.nextLong(0, 20_000);
            long at = random.nextLong(waited);
            Attribution attribution =
                    judge(waited, limit, random.nextLong(2) * limit / 2, at, at + random.nextLong(100), false);
            assertThat(attribution.isDecisive()).as(attribution.toString()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7, 8})
    void whereItSleptOverTheLimitOfAnAnswerThatIsUsuallyFastItAlwaysIs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 1_000; i++) {
            long limit = random.nextLong(300, 60_000);
            long from = random.nextLong(limit / 4);
            long late = Math.max(200, limit / 5) + random.nextLong(10_000);
            Attribution attribution = judge(limit + late, limit, limit / 2, from, limit + late, false);
            assertThat(attribution.isDecisive()).as(attribution.toString()).isTrue();
            assertThat(attribution.confidence()).isEqualTo(0.9);
        }
    }
}
