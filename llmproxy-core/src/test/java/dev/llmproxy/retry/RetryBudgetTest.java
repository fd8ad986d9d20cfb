package dev.llmproxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.retry.RetryBudget.Price;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RetryBudget budget = new RetryBudget(0.1);

    private int taken(String place, long now, int wanted) {
        int taken = 0;
        for (int i = 0; i < wanted; i++) {
            taken += budget.take(place, true, false, now) == Price.ONE ? 1 : 0;
        }
        return taken;
    }

    private void calls(int count, long now) {
        for (int i = 0; i < count; i++) {
            budget.callStarted(now);
        }
    }

    @Test
    void tenAreThereAtTheStart() {
        calls(1_000, 0);
        assertThat(taken("a", 0, 20)).isEqualTo(10);
    }

    @Test
    void atTheStartThereIsATwentiethOfTheCallsOfAMinute() {
        calls(120, 0);
        assertThat(taken("a", 0, 20)).isEqualTo(6);
    }

    @Test
    void threeAreThereHoweverFewCallsThereAre() {
        calls(1, 0);
        assertThat(taken("a", 0, 20)).isEqualTo(3);
    }

    @Test
    void theStartGrowsWithTheCallsOfANewApplication() {
        calls(1, 0);
        assertThat(taken("a", 0, 20)).isEqualTo(3);
        calls(119, 0);
        assertThat(taken("a", 0, 20)).isEqualTo(3);
        assertThat(taken("a", 0, 20)).isZero();
    }

    @Test
    void theStartDoesNotComeAgainWhenTheCallsDo() {
        calls(120, 0);
        assertThat(taken("a", 0, 20)).isEqualTo(6);
        assertThat(taken("a", 110 * SECOND, 1)).isEqualTo(1);
        calls(120, 110 * SECOND);
        assertThat(taken("a", 110 * SECOND, 20)).isZero();
    }

    @Test
    void oneComesBackEveryTenSecondsWhereThereAreManyCalls() {
        calls(1_000, 0);
        assertThat(taken("a", 0, 200)).isEqualTo(10);
        assertThat(taken("a", 9 * SECOND, 20)).isZero();
        assertThat(taken("a", 30 * SECOND, 20)).isEqualTo(3);
    }

    @Test
    void oneComesBackForTwentyCallsThatFail() {
        int taken = 0;
        for (int i = 0; i < 600; i++) {
            budget.callStarted(i * SECOND);
            taken += taken("a", i * SECOND, 1);
        }
        assertThat(taken).isBetween(30, 33);
    }

    @Test
    void oneComesBackEveryHundredSecondsWithoutCalls() {
        calls(1, 0);
        assertThat(taken("a", 0, 3)).isEqualTo(3);
        assertThat(taken("a", 201 * SECOND, 20)).isEqualTo(2);
        assertThat(taken("a", 10_000 * SECOND, 20)).isEqualTo(3);
    }

    @Test
    void successesPayForRepeats() {
        calls(1_000, 0);
        assertThat(taken("a", 0, 20)).isEqualTo(10);
        for (int i = 0; i < 51; i++) {
            budget.earn("a", 0);
        }
        assertThat(taken("a", 0, 20)).isEqualTo(5);
    }

    @Test
    void onePlaceDoesNotPayForAnother() {
        calls(1_000, 0);
        assertThat(taken("a", 0, 20)).isEqualTo(10);
        assertThat(taken("b", 0, 20)).isEqualTo(10);
    }

    private int takenAtEachOf(int places, long now) {
        int taken = 0;
        for (int place = 0; place < places; place++) {
            taken += taken("place " + place, now, 1);
        }
        return taken;
    }

    @Test
    void allPlacesTogetherStartWithATwentiethOfTheCallsOfAMinute() {
        calls(100, 0);
        assertThat(takenAtEachOf(50, 0)).isEqualTo(5);
    }

    @Test
    void allPlacesTogetherGetOneBackForTwentyCalls() {
        calls(1_000, 0);
        assertThat(takenAtEachOf(100, 0)).isEqualTo(50);
        assertThat(takenAtEachOf(100, 30 * SECOND)).isEqualTo(25);
    }

    @Test
    void threeAreThereForAllPlacesHoweverFewCallsThereAre() {
        calls(1, 0);
        assertThat(takenAtEachOf(20, 0)).isEqualTo(3);
        assertThat(takenAtEachOf(20, 101 * SECOND)).isEqualTo(1);
    }

    @Test
    void successesPayForTheRepeatsOfAllPlaces() {
        calls(100, 0);
        assertThat(takenAtEachOf(50, 0)).isEqualTo(5);
        for (int i = 0; i < 21; i++) {
            budget.earn("elsewhere", 0);
        }
        assertThat(takenAtEachOf(50, 0)).isEqualTo(2);
    }

    private Price detour() {
        return budget.take("a", true, true, 0);
    }

    private int trusted(long now) {
        int trusted = 0;
        while (budget.take("a", true, true, now) == Price.ON_TRUST) {
            trusted++;
        }
        return trusted;
    }

    @Test
    void whatIsAnsweredElsewhereCostsNothing() {
        calls(1_000, 0);
        assertThat(detour()).isEqualTo(Price.ON_TRUST);
        budget.wentElsewhere("a", Price.ON_TRUST, true, 0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(detour()).isEqualTo(Price.FREE);
        }
        assertThat(taken("a", 0, 20)).isEqualTo(10);
    }

    @Test
    void beforeAnybodyKnowsAsManyGoOnAsComeInTwentySeconds() {
        for (int second = 0; second < 60; second++) {
            calls(15, second * SECOND);
        }
        assertThat(trusted(59 * SECOND)).isEqualTo(300);
        budget.cameBack("a", Price.ON_TRUST);
        assertThat(trusted(59 * SECOND)).isEqualTo(1);
    }

    @Test
    void ofANewProxyAllCallsGoOnThatCameAtOnce() {
        calls(500, 0);
        assertThat(trusted(0)).isEqualTo(500);
    }

    @Test
    void afterAPauseAllCallsGoOnThatCameAtOnce() {
        calls(1, 0);
        calls(200, 100 * SECOND);
        assertThat(trusted(100 * SECOND)).isEqualTo(200);
    }

    @Test
    void atTheStartAsManyGoOnAsManyThreadsMayCall() {
        calls(32, 0);
        assertThat(trusted(0)).isEqualTo(32);
    }

    @Test
    void whatIsAnsweredNowhereCostsAsMuchAsAtOnePlace() {
        calls(1_000, 0);
        assertThat(detour()).isEqualTo(Price.ON_TRUST);
        budget.wentElsewhere("a", Price.ON_TRUST, false, 0);
        for (int i = 0; i < 9; i++) {
            assertThat(detour()).isEqualTo(Price.ONE);
        }
        assertThat(detour()).isEqualTo(Price.TOO_MUCH);
        budget.wentElsewhere("a", Price.ONE, true, 0);
        assertThat(detour()).isEqualTo(Price.FREE);
        budget.wentElsewhere("a", Price.FREE, false, 0);
        assertThat(detour()).isEqualTo(Price.ONE);
        assertThat(detour()).isEqualTo(Price.TOO_MUCH);
    }

    @Test
    void whatWasTrustedInVainIsPaidAfterwards() {
        calls(1_000, 0);
        int trusted = trusted(0);
        for (int i = 0; i < trusted; i++) {
            budget.wentElsewhere("a", Price.ON_TRUST, false, 0);
        }
        assertThat(taken("b", 0, 1)).isZero();
        calls(1_000, 100 * SECOND);
        assertThat(taken("a", 100 * SECOND, 1)).isZero();
    }

    @Test
    void nothingIsKeptOfAPlaceThatHasPaid() {
        calls(1_000, 0);
        assertThat(budget.isDrawn()).isFalse();
        assertThat(taken("a", 0, 1)).isEqualTo(1);
        assertThat(budget.isDrawn()).isTrue();
        for (int i = 0; i < 11; i++) {
            budget.earn("a", 0);
        }
        assertThat(budget.places()).isZero();
        assertThat(budget.isDrawn()).isFalse();
    }

    @Test
    void modelsThatAreMadeUpTakeNoMoreMemoryAndShareOneBudget() {
        calls(1_000_000, 0);
        for (int i = 0; i < 100_000; i++) {
            var unused = budget.take("model " + i, true, false, 0);
        }
        assertThat(budget.places()).isLessThanOrEqualTo(1_001);
        assertThat(taken("one more", 0, 20)).isZero();
    }

    @Test
    void thereIsAReserveWhileMoreThanHalfIsThere() {
        calls(1_000, 0);
        assertThat(budget.hasReserve("a", 0)).isTrue();
        assertThat(taken("a", 0, 4)).isEqualTo(4);
        assertThat(budget.hasReserve("a", 0)).isTrue();
        assertThat(taken("a", 0, 1)).isEqualTo(1);
        assertThat(budget.hasReserve("a", 0)).isFalse();
        assertThat(budget.hasReserve("b", 0)).isTrue();
    }

    @Test
    void thereIsNoReserveAnywhereWhileAllTogetherHaveUsedUpHalf() {
        calls(1_000, 0);
        for (int place = 0; place < 6; place++) {
            assertThat(taken("down " + place, 0, 4)).isEqualTo(4);
        }
        assertThat(budget.hasReserve("new", 0)).isTrue();
        assertThat(taken("down 0", 0, 1)).isEqualTo(1);
        assertThat(budget.hasReserve("new", 0)).isFalse();
    }

    @Test
    void timeThatSeemsToGoBackGivesNothing() {
        calls(1_000, 100 * SECOND);
        assertThat(taken("a", 100 * SECOND, 20)).isEqualTo(10);
        assertThat(taken("a", 50 * SECOND, 20)).isZero();
    }
}
