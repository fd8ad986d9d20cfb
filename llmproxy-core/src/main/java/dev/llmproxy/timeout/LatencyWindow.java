package dev.llmproxy.timeout;

import java.time.Duration;
import java.util.Arrays;

/**
 * What was measured of the answers of the last hour, at most {@value #MOST} of them: logarithmic histograms that forget the
 * oldest five minutes at a time. Recording allocates nothing once the window is as large as it gets. Thread-safe.
 */
final class LatencyWindow {
    // More would be slower to see a change: its 99th percentile moves with every hundredth sample.
    static final int MOST = 256;

    private static final int SLICES = 12;
    private static final long SLICE_NANOS = Duration.ofMinutes(5).toNanos();
    private static final Measure[] MEASURES = Measure.values();
    // A power of two, as all that come after it.
    private static final int FEW = 32;

    private final short[][] counts = new short[MEASURES.length][];
    private final int[] totals = new int[MEASURES.length];
    private final int[] samplesOf = new int[SLICES];
    private final int[] cutShortIn = new int[SLICES];
    private long[] samples = new long[FEW];
    private int first;
    private int size;
    private int cutShort;
    private int newest;
    private int oldest;
    private long sliceEndsAt = Long.MIN_VALUE;

    /** Takes a sample, as {@link Measure#in} makes it. */
    synchronized void record(long sample, long now) {
        advance(now);
        if (size == MOST) {
            dropOldest();
        }
        if (size == samples.length) {
            grow();
        }
        samples[(first + size) & (samples.length - 1)] = sample;
        size++;
        samplesOf[newest]++;
        count(sample, 1);
    }

    /** Counts an attempt that a budget has ended: how long it would have taken is not known. */
    synchronized void cutShort(long now) {
        advance(now);
        cutShort++;
        cutShortIn[newest]++;
    }

    // Every record comes by here: most of them find that nothing has become too old.
    private void advance(long now) {
        if (now < sliceEndsAt) {
            return;
        }
        long steps = sliceEndsAt == Long.MIN_VALUE ? 1 : 1 + (now - sliceEndsAt) / SLICE_NANOS;
        for (long i = 0; i < Math.min(SLICES, steps); i++) {
            newest = after(newest);
            forget(newest);
        }
        sliceEndsAt = (sliceEndsAt == Long.MIN_VALUE ? now : sliceEndsAt) + steps * SLICE_NANOS;
    }

    private static int after(int slice) {
        return slice + 1 == SLICES ? 0 : slice + 1;
    }

    private void forget(int slice) {
        while (samplesOf[slice] > 0) {
            dropOldest();
        }
        oldest = oldest == slice ? after(slice) : oldest;
        cutShort -= cutShortIn[slice];
        cutShortIn[slice] = 0;
    }

    private void dropOldest() {
        while (samplesOf[oldest] == 0) {
            oldest = after(oldest);
        }
        samplesOf[oldest]--;
        count(samples[first], -1);
        first = (first + 1) & (samples.length - 1);
        size--;
    }

    private void grow() {
        long[] longer = new long[2 * size];
        for (int i = 0; i < size; i++) {
            longer[i] = samples[(first + i) & (size - 1)];
        }
        samples = longer;
        first = 0;
    }

    private void count(long sample, int change) {
        for (Measure measure : MEASURES) {
            int bucket = measure.bucketIn(sample);
            if (bucket == 0) {
                continue;
            }
            int i = measure.ordinal();
            if (counts[i] == null) {
                counts[i] = new short[LogScale.BUCKETS];
            }
            counts[i][bucket] += (short) change;
            totals[i] += change;
        }
    }

    synchronized int samples(long now) {
        advance(now);
        return size;
    }

    synchronized int cutShortIn(long now) {
        advance(now);
        return cutShort;
    }

    /** Returns what this part of the answers stays below, 0 where nothing was measured. */
    synchronized long quantile(Measure measure, double part) {
        int total = totals[measure.ordinal()];
        if (total == 0) {
            return 0;
        }
        short[] of = counts[measure.ordinal()];
        long rank = (long) Math.ceil(part * total);
        int bucket = 0;
        for (long seen = 0; seen < rank; ) {
            bucket++;
            seen += of[bucket];
        }
        return measure.valueOf(bucket);
    }

    @Override
    public synchronized String toString() {
        return size + " samples, " + cutShort + " cut short, " + Arrays.toString(totals);
    }
}
