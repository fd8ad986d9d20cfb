package dev.llmproxy.diagnosis;

import org.jspecify.annotations.Nullable;

/** What the processors did in the last minutes. Thread-safe. */
final class CpuHistory {
    private static final int KEPT = 256;

    private final @Nullable CpuSample[] samples = new CpuSample[KEPT];
    private int count;

    synchronized void add(CpuSample sample) {
        samples[count % KEPT] = sample;
        count++;
    }

    /** Returns when the last sample was taken. */
    synchronized long lastAt() {
        CpuSample last = sample(count - 1);
        return last == null ? 0 : last.at();
    }

    /**
     * Compares the last sample before a moment with the last one of all.
     *
     * @param from the beginning of a wait; where it lies further back than is remembered, the oldest sample stands for it
     */
    synchronized CpuUse since(long from) {
        CpuSample last = sample(count - 1);
        CpuSample first = last;
        long busy = Machine.UNKNOWN;
        long ready = 0;
        int counted = 0;
        for (int i = count - 1; first != null && i >= Math.max(0, count - KEPT) && first.at() > from; i--) {
            busy = Math.max(busy, first.busyPermille());
            ready += first.readyPermille();
            counted++;
            first = sample(Math.max(i - 1, Math.max(0, count - KEPT)));
        }
        return first == null || last == null
                ? CpuUse.UNKNOWN
                : CpuUse.between(first, last, counted == 0 ? Machine.UNKNOWN : ready / counted, busy);
    }

    private @Nullable CpuSample sample(int number) {
        return number < 0 ? null : samples[number % KEPT];
    }
}
