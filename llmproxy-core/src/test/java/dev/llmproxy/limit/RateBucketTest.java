package dev.llmproxy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateBucketTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    // Nanoseconds may begin anywhere, and pass the end of a long.
    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MAX_VALUE - 1_000, Long.MIN_VALUE})
    void aSixthIsThereAtOnceAndTheRestComesEvenly(long start) {
        RateBucket bucket = new RateBucket(600, start);
        assertThat(taken(bucket, start)).isEqualTo(100);
        assertThat(bucket.nanosUntil(0, 1, start)).isEqualTo(SECOND / 10);
        assertThat(taken(bucket, start + SECOND)).isEqualTo(10);
        assertThat(taken(bucket, start + 61 * SECOND)).isEqualTo(100);
    }

    private static int taken(RateBucket bucket, long now) {
        int count = 0;
        while (bucket.tryTake(1, now)) {
            count++;
        }
        return count;
    }

    @Test
    void whatIsMoreThanABurstFitsIntoAFullBucketOnly() {
        RateBucket bucket = new RateBucket(600, 0);
        assertThat(bucket.tryTake(1, 0)).isTrue();
        assertThat(bucket.tryTake(300, 0)).isFalse();
        assertThat(bucket.nanosUntil(0, 300, 0)).isEqualTo(SECOND / 10);
        assertThat(bucket.tryTake(300, SECOND / 10)).isTrue();
        assertThat(bucket.nanosUntil(0, 1, SECOND / 10)).isEqualTo(20 * SECOND + SECOND / 10);
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        RateBucket bucket = new RateBucket(600, 0);
        assertThat(bucket.tryTake(100, 0)).isTrue();
        bucket.settle(-40, 0);
        assertThat(taken(bucket, 0)).isEqualTo(40);
    }

    @Test
    void whatWasNeededBeyondTheEstimateIsOwed() {
        RateBucket bucket = new RateBucket(600, 0);
        bucket.settle(150, 100 * SECOND);
        assertThat(bucket.tryTake(1, 100 * SECOND)).isFalse();
        assertThat(bucket.nanosUntil(0, 1, 100 * SECOND)).isEqualTo(5 * SECOND + SECOND / 10);
    }

    @Test
    void aLimitThatIsNoLongerToldIsForgotten() {
        RateBucket bucket = new RateBucket(600, 0);
        bucket.limitedTo(1, 0);
        bucket.accepted(200 * SECOND);
        assertThat(bucket.perMinute()).isEqualTo(1);
        bucket.limitedTo(1, 200 * SECOND);
        bucket.accepted(400 * SECOND);
        assertThat(bucket.perMinute()).isEqualTo(1);
        bucket.accepted(501 * SECOND);
        assertThat(bucket.perMinute()).isEqualTo(600);
    }

    @Test
    void nothingIsLeftWhereNotOneFits() {
        RateBucket bucket = new RateBucket(6, 0);
        assertThat(bucket.left(1, 0)).isEqualTo(1);
        assertThat(bucket.tryTake(1, 0)).isTrue();
        assertThat(bucket.left(1, 9 * SECOND)).isZero();
        assertThat(bucket.left(0, 9 * SECOND)).isEqualTo(0.9);
        assertThat(bucket.left(1, 10 * SECOND)).isEqualTo(1);
    }

    @Test
    void thoseAheadTakeTheirsFirst() {
        RateBucket bucket = new RateBucket(600, 0);
        assertThat(bucket.nanosUntil(99, 1, 0)).isZero();
        assertThat(bucket.nanosUntil(100, 1, 0)).isEqualTo(SECOND / 10);
        assertThat(bucket.nanosUntil(120, 10, 0)).isEqualTo(3 * SECOND);
    }

    @Test
    void neverMoreIsTakenThanTheProviderHasLeft() {
        RateBucket bucket = new RateBucket(600, 0);
        bucket.leaveAtMost(7, 0);
        assertThat(taken(bucket, 0)).isEqualTo(7);
        bucket.leaveAtMost(90, 0);
        assertThat(taken(bucket, 0)).isZero();
    }

    @Test
    void theLowerLimitHolds() {
        RateBucket bucket = new RateBucket(600, 0);
        bucket.limitedTo(60, 0);
        assertThat(bucket.perMinute()).isEqualTo(60);
        assertThat(taken(bucket, 0)).isEqualTo(10);
        bucket.limitedTo(6_000, 0);
        assertThat(bucket.perMinute()).isEqualTo(600);
        bucket.limitedTo(-1, 0);
        assertThat(bucket.perMinute()).isEqualTo(600);
    }

    @Test
    void nothingIsTakenWhileItIsBlocked() {
        RateBucket bucket = new RateBucket(600, 0);
        bucket.block(30 * SECOND, 0);
        assertThat(bucket.tryTake(1, 30 * SECOND)).isFalse();
        assertThat(bucket.tryTake(1, 30 * SECOND + SECOND / 10)).isTrue();
    }

    @Test
    void aRefusalTakesAFifthAwayOnceASecondAndItComesBack() {
        RateBucket bucket = new RateBucket(600, 0);
        bucket.refused(0);
        bucket.refused(SECOND / 2);
        assertThat(bucket.perMinute()).isEqualTo(480);
        bucket.refused(SECOND);
        assertThat(bucket.perMinute()).isBetween(383L, 386L);
        bucket.accepted(101 * SECOND);
        assertThat(bucket.perMinute()).isBetween(443L, 446L);
        bucket.accepted(2_000 * SECOND);
        assertThat(bucket.perMinute()).isEqualTo(600);
    }

    @Test
    void whatIsMoreThanAnybodyNeedsIsOwedForAnHour() {
        RateBucket bucket = new RateBucket(600, 0);
        for (int i = 0; i < 10; i++) {
            bucket.settle(Long.MAX_VALUE, 0);
        }
        assertThat(bucket.nanosUntil(0, 1, 0)).isEqualTo(3_600 * SECOND + SECOND / 10);
    }

    @Test
    void aRequestLargerThanAnyLimitTakesWhatIsThereAndGivesItBack() {
        RateBucket bucket = new RateBucket(1, 0);
        assertThat(bucket.tryTake(Long.MAX_VALUE, 0)).isTrue();
        assertThat(bucket.tryTake(1, 0)).isFalse();
        bucket.settle(-Long.MAX_VALUE, 0);
        assertThat(bucket.tryTake(1, 0)).isTrue();
    }
}
