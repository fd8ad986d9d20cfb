package dev.llmproxy.limit;

import java.util.Arrays;

/** The delays of some answers, as multiples of what is usual, in eight classes for each doubling. Not thread-safe. */
final class DelayWindow {
    private static final int CLASSES = 160;
    private static final int PER_DOUBLING = 8;
    private static final int MANTISSA_BITS = 20;
    // The class of a delay of 1.
    private static final int ONE = CLASSES / 2;
    private static final int BITS_OF_ONE = Float.floatToRawIntBits(1f) >> MANTISSA_BITS;

    private final int[] counts = new int[CLASSES];
    private int samples;
    private int peak;
    private double sum;
    private boolean cut;
    private long startedAt = Long.MIN_VALUE;

    void add(double ratio, long nanos, int running, long now) {
        if (startedAt == Long.MIN_VALUE) {
            startedAt = now;
        }
        // The exponent of a float and the first three bits behind it are a logarithm, nearly.
        int index = (Float.floatToRawIntBits((float) ratio) >> MANTISSA_BITS) - BITS_OF_ONE + ONE;
        counts[Math.max(0, Math.min(CLASSES - 1, index))]++;
        samples++;
        sum += nanos;
        peak = Math.max(peak, running);
    }

    int samples() {
        return samples;
    }

    double meanNanos() {
        return samples == 0 ? 0 : sum / samples;
    }

    /** Returns how many calls were running at the most. */
    int peak() {
        return peak;
    }

    long startedAt() {
        return startedAt;
    }

    void cut() {
        cut = true;
    }

    /** Says whether the limit was lowered already. */
    boolean isCut() {
        return cut;
    }

    double median() {
        int left = (samples + 1) / 2;
        for (int i = 0; i < CLASSES; i++) {
            left -= counts[i];
            if (left <= 0) {
                return middle(i - ONE);
            }
        }
        return 1;
    }

    private static double middle(int index) {
        int doublings = Math.floorDiv(index, PER_DOUBLING);
        double within = (Math.floorMod(index, PER_DOUBLING) + 0.5) / PER_DOUBLING;
        return Math.scalb(1 + within, doublings);
    }

    void restart(long now) {
        Arrays.fill(counts, 0);
        samples = 0;
        sum = 0;
        peak = 0;
        cut = false;
        startedAt = now;
    }

    @Override
    public String toString() {
        return samples + " samples";
    }
}
