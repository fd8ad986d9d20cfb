package dev.llmproxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void eachValueIsRightToSevenPercent() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            long value = random.nextLong() >>> (1 + random.nextInt(62));
            long told = Histogram.valueOf(Histogram.bucketOf(value));
            assertThat(Math.abs(told - value)).as("%d told as %d", value, told).isLessThanOrEqualTo(value / 14 + 1);
        }
    }

    @Test
    void bucketsGrowWithTheValues() {
        int before = -1;
        for (int power = 0; power < 62; power++) {
            for (long value = 1L << power; value < 2L << power; value += Math.max(1, (1L << power) / 8)) {
                int bucket = Histogram.bucketOf(value);
                assertThat(bucket).isGreaterThan(before).isLessThan(Long.SIZE * 8);
                before = bucket;
            }
        }
    }

    @Test
    void quantilesAreThoseOfTheValues() {
        Random random = new Random(7);
        long[] values = new long[1_001];
        Histogram histogram = new Histogram();
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) Math.exp(10 + random.nextGaussian());
            histogram.record(values[i]);
        }
        Arrays.sort(values);
        assertThat(histogram.count()).isEqualTo(values.length);
        assertThat(histogram.quantile(0.5)).isCloseTo(values[500], withPercentage(8));
        assertThat(histogram.quantile(0.95)).isCloseTo(values[950], withPercentage(8));
        assertThat(histogram.quantile(1)).isLessThanOrEqualTo(values[1_000]);
        assertThat(histogram.longest()).isEqualTo(values[1_000]);
    }

    @Test
    void anEmptyOneTellsNothing() {
        assertThat(new Histogram().quantile(0.5)).isZero();
    }
}
