package dev.llmproxy.diagnosis;

import java.time.Duration;
import java.util.Arrays;

/** How many requests were sent for one call of the application within the last minute. Thread-safe. */
final class Amplification {
    private static final long SLICE = Duration.ofSeconds(5).toNanos();
    private static final int SLICES = 12;

    private final long[] slices = new long[SLICES];
    private final long[] calls = new long[SLICES];
    private final long[] repeats = new long[SLICES];
    private final long[] sent = new long[SLICES];

    Amplification() {
        Arrays.fill(slices, Long.MIN_VALUE);
    }

    /** What was counted: calls, those of them that only repeat an earlier one, and requests. */
    record Counts(long calls, long repeats, long sent) {
        double factor() {
            return (double) sent / Math.max(1, calls - repeats);
        }

        /** Returns how many requests there were beyond one for each call of the application. */
        long needless() {
            return sent - Math.max(1, calls - repeats);
        }
    }

    synchronized void called(long now) {
        calls[at(now)]++;
    }

    synchronized void repeated(long now) {
        repeats[at(now)]++;
    }

    synchronized void sent(long count, long now) {
        sent[at(now)] += count;
    }

    synchronized Counts within(long now) {
        long slice = Math.floorDiv(now, SLICE);
        long allCalls = 0;
        long allRepeats = 0;
        long allSent = 0;
        for (int i = 0; i < SLICES; i++) {
            if (slices[i] != Long.MIN_VALUE && slice - slices[i] < SLICES) {
                allCalls += calls[i];
                allRepeats += repeats[i];
                allSent += sent[i];
            }
        }
        return new Counts(allCalls, allRepeats, allSent);
    }

    private int at(long now) {
        long slice = Math.floorDiv(now, SLICE);
        int at = Math.floorMod(slice, SLICES);
        if (slices[at] != slice) {
            slices[at] = slice;
            calls[at] = 0;
            repeats[at] = 0;
            sent[at] = 0;
        }
        return at;
    }
}
