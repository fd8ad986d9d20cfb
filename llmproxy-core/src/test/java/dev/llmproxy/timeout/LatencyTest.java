package dev.llmproxy.timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.Usual;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MINUTE = 60 * SECOND;

    private final LatencyModel model = new LatencyModel();
    private final Latency latency = model.of("east", "m", true, 1_000);

    private static long first(long nanos) {
        return Measure.FIRST.in(0, nanos);
    }

    private void answer(int times, long first, long now) {
        for (int i = 0; i < times; i++) {
            latency.answered(first(first), now);
        }
    }

    private long first() {
        return latency.budget(Budget.FIRST_TOKEN, latency.estimate(0), false);
    }

    private Adaptation adaptation(Timeouts timeouts) {
        return new Adaptation(timeouts, new Limits(timeouts), true);
    }

    private long budget(Adaptation adaptation, Budget budget, long now) {
        return adaptation.budgets(latency, now)[budget.ordinal()];
    }

    @Test
    void bucketsAreRightToOnePercent() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long value = 10_000 + (long) Math.pow(10, 4 + 8 * random.nextDouble());
            long read = LogScale.valueOf(LogScale.bucketOf(value));
            assertThat((double) read / value).isCloseTo(1, within(0.0101));
        }
        assertThat(LogScale.bucketOf(0)).isEqualTo(1);
        assertThat(LogScale.bucketOf(Long.MAX_VALUE)).isEqualTo(LogScale.BUCKETS - 1);
    }

    @Test
    void aWindowForgetsWhatIsAnHourOld() {
        LatencyWindow window = new LatencyWindow();
        for (int minute = 0; minute < 180; minute++) {
            window.record(first(minute * SECOND), minute * MINUTE);
            window.cutShort(minute * MINUTE);
        }
        assertThat(window.samples(179 * MINUTE)).isBetween(55, 60);
        assertThat(window.cutShortIn(179 * MINUTE)).isBetween(55, 60);
        assertThat((double) window.quantile(Measure.FIRST, 0.01) / SECOND).isBetween(118.0, 126.0);
        assertThat(window.samples(1_000 * MINUTE)).isZero();
        assertThat(window.quantile(Measure.FIRST, 0.99)).isZero();
    }

    @Test
    void aWindowKeepsTheLatestOfTooMany() {
        LatencyWindow window = new LatencyWindow();
        for (int i = 0; i < 5_000; i++) {
            window.record(first(i < 3_000 ? SECOND : 2 * SECOND), i * SECOND / 10);
        }
        assertThat(window.samples(500 * SECOND)).isEqualTo(LatencyWindow.MOST);
        assertThat((double) window.quantile(Measure.FIRST, 0.1) / SECOND).isCloseTo(2, within(0.03));
    }

    @Test
    void quantilesAreThoseOfTheSamples() {
        LatencyWindow window = new LatencyWindow();
        for (int i = 1; i <= 200; i++) {
            window.record(Measure.TOKENS.in(first(i * SECOND / 20), i), 0);
        }
        assertThat((double) window.quantile(Measure.FIRST, 0.5) / SECOND).isCloseTo(5, within(0.06));
        assertThat((double) window.quantile(Measure.FIRST, 0.99) / SECOND).isCloseTo(9.9, within(0.11));
        assertThat(window.quantile(Measure.TOKENS, 0.99)).isBetween(196L, 200L);
        assertThat(window.quantile(Measure.GAP, 0.99)).isZero();
    }

    @Test
    void nothingFollowsFromFewerThanTwentySamples() {
        Adaptation adaptation = adaptation(Timeouts.adaptive());
        answer(19, SECOND, 0);
        assertThat(budget(adaptation, Budget.FIRST_TOKEN, 0)).isEqualTo(5 * MINUTE);
        assertThat(latency.usual(0)).isEqualTo(Usual.unknown());
        answer(1, SECOND, 0);
        assertThat(latency.usual(0).isKnown()).isTrue();
    }

    @Test
    void theFactorShrinksWithTheNumberOfSamples() {
        answer(20, 10 * SECOND, 0);
        assertThat((double) first() / SECOND).isCloseTo(30, within(0.5));
        answer(100, 10 * SECOND, 0);
        assertThat((double) first() / SECOND).isCloseTo(20, within(0.4));
        answer(100, 10 * SECOND, 0);
        assertThat((double) first() / SECOND).isCloseTo(15, within(0.3));
    }

    @Test
    void floorsAndCeilingsHold() {
        answer(300, SECOND / 100, 0);
        assertThat(first()).isEqualTo(3 * SECOND);
        Estimate slow = new Estimate(300, 0, 50 * SECOND, 50 * SECOND, 50 * SECOND, 0, 0, 0, 0);
        assertThat(slow.first(true, 8)).isEqualTo(120 * SECOND);
        assertThat(slow.first(false, 100)).isEqualTo(600 * SECOND);
        Estimate thinking = new Estimate(300, 0, 200 * SECOND, 200 * SECOND, 200 * SECOND, 0, 0, 0, 0);
        assertThat(thinking.first(true, 8))
                .as("never below twice what is usual")
                .isEqualTo(400 * SECOND);
    }

    @Test
    void budgetsGrowWithTheStretch() {
        Estimate usual = new Estimate(300, 0, SECOND, 3 * SECOND, 4 * SECOND, 2 * SECOND, 0, SECOND / 20, 500);
        for (double stretch = 1; stretch < 8; stretch += 0.5) {
            assertThat(usual.first(true, stretch + 0.5)).isGreaterThanOrEqualTo(usual.first(true, stretch));
            assertThat(usual.gap(stretch + 0.5)).isGreaterThanOrEqualTo(usual.gap(stretch));
            assertThat(usual.whole(true, 1_000, stretch + 0.5))
                    .isGreaterThanOrEqualTo(usual.whole(true, 1_000, stretch));
        }
    }

    @Test
    void aWholeAnswerIsTheFirstTokenAndTheOthers() {
        Estimate usual = new Estimate(300, 0, SECOND, 3 * SECOND, 4 * SECOND, 0, 0, SECOND / 20, 500);
        assertThat((double) usual.whole(true, Long.MAX_VALUE, 1) / SECOND).isCloseTo(1.25 * (4 + 25), within(0.01));
        assertThat((double) usual.whole(true, 128, 1) / SECOND).isCloseTo(1.25 * (4 + 6.4), within(0.01));
    }

    @Test
    void whatIsCutShortStretchesAndAnswersRelax() {
        answer(300, 10 * SECOND, 0);
        latency.cutShort(FaultCause.PROVIDER_HUNG, 0);
        assertThat((double) first() / SECOND).isCloseTo(22.5, within(0.4));
        for (int i = 0; i < 20; i++) {
            latency.cutShort(FaultCause.PROVIDER_HUNG, 0);
        }
        assertThat(first()).isBetween(119 * SECOND, 120 * SECOND);
        assertThat(latency.usual(0).cutShort()).isEqualTo(21);
        assertThat(latency.usual(0).firstHigh()).isLessThan(11 * SECOND);
        answer(60, 10 * SECOND, 0);
        assertThat((double) first() / SECOND).isCloseTo(15, within(0.3));
    }

    @Test
    void aBudgetIsLoweredByAFifthAMinuteAndRaisedAtOnce() {
        Adaptation adaptation = adaptation(Timeouts.adaptive());
        answer(300, 10 * SECOND, 0);
        assertThat(budget(adaptation, Budget.FIRST_TOKEN, 0)).isEqualTo(5 * MINUTE);
        assertThat((double) budget(adaptation, Budget.FIRST_TOKEN, MINUTE) / SECOND)
                .isCloseTo(240, within(0.1));
        for (int minute = 2; minute < 30; minute++) {
            budget(adaptation, Budget.FIRST_TOKEN, minute * MINUTE);
        }
        assertThat((double) budget(adaptation, Budget.FIRST_TOKEN, 30 * MINUTE) / SECOND)
                .isCloseTo(15, within(0.3));
        latency.cutShort(FaultCause.PROVIDER_HUNG, 30 * MINUTE);
        assertThat((double) budget(adaptation, Budget.FIRST_TOKEN, 30 * MINUTE) / SECOND)
                .isCloseTo(22.5, within(0.5));
    }

    @Test
    void whatWasSetIsNotTouchedByEnforcing() {
        Timeouts timeouts = Timeouts.adaptive().firstToken(Duration.ofSeconds(40));
        Adaptation adaptation = adaptation(timeouts);
        answer(300, 90 * SECOND, 0);
        assertThat(budget(adaptation, Budget.FIRST_TOKEN, 0)).isEqualTo(40 * SECOND);
        assertThat(budget(adaptation, Budget.FIRST_BYTE, 0))
                .as("comes before it")
                .isEqualTo(40 * SECOND);
    }

    @Test
    void whatWasSetIsRaisedWhereOnlyThatIsAskedFor() {
        Timeouts timeouts =
                Timeouts.standard().firstToken(Duration.ofSeconds(40)).adapt(Adapt.RAISE_ONLY);
        answer(300, 60 * SECOND, 0);
        assertThat((double) budget(adaptation(timeouts), Budget.FIRST_TOKEN, 0) / SECOND)
                .isCloseTo(90, within(2.0));
        assertThat(budget(adaptation(Timeouts.standard().adapt(Adapt.RAISE_ONLY)), Budget.FIRST_TOKEN, MINUTE))
                .as("never lowered")
                .isEqualTo(5 * MINUTE);
    }

    @Test
    void observingChangesNothing() {
        Adaptation adaptation = adaptation(Timeouts.standard());
        answer(300, 10 * SECOND, 0);
        assertThat(budget(adaptation, Budget.FIRST_TOKEN, MINUTE)).isEqualTo(5 * MINUTE);
    }

    @Test
    void oneThatHasSeenLittleIsJudgedByItsParent() {
        answer(300, 10 * SECOND, 0);
        Latency otherSize = model.of("east", "m", true, 100_000);
        assertThat((double) otherSize.usual(0).firstHigh() / SECOND).isCloseTo(10, within(0.2));
        Latency otherModel = model.of("east", "n", true, 100_000);
        assertThat(otherModel.usual(0).samples()).isEqualTo(LatencyWindow.MOST);
        assertThat(model.of("west", "m", true, 1_000).usual(0).isKnown()).isFalse();
        assertThat(model.of("east", "m", false, 1_000).usual(0).isKnown()).isFalse();
    }

    @Test
    void theLeastRecentlyUsedKindsAreForgotten() {
        answer(20, SECOND, 0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(model.of("east", "m", true, 1_000)).isSameAs(latency);
            model.of("east", "model-" + i, true, 0);
        }
        assertThat(model.size()).isEqualTo(LatencyModel.MOST_KEYS);
        assertThat(model.of("east", "x".repeat(1_000), true, 0).key().model()).isNull();
    }
}
