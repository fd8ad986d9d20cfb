package dev.llmproxy.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** Measures work in time of the processor, which other programs on the machine take little part in. */
final class Rounds {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 5_000;

    private Rounds() {}

    /** Prints the median of the second half of the rounds with its quartiles, and how much is allocated. */
    static void print(String name, Runnable work, int rounds) {
        double[] nanos = new double[rounds];
        double bytes = 0;
        for (int round = 0; round < rounds; round++) {
            long allocated = allocated();
            long start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < CALLS; i++) {
                work.run();
            }
            nanos[round] = (THREADS.getCurrentThreadCpuTime() - start) / (double) CALLS;
            bytes = (allocated() - allocated) / (double) CALLS;
        }
        double[] counted = Arrays.copyOfRange(nanos, rounds / 2, rounds);
        Arrays.sort(counted);
        int last = counted.length - 1;
        System.out.printf(
                "%s: %.0f [%.0f to %.0f] ns, %.1f bytes%n",
                name, counted[last / 2], counted[last / 4], counted[last * 3 / 4], bytes);
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
