package dev.llmproxy.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * The same as {@link MetricsCost} in time of the processor, which other programs on the machine take little part in, and
 * within rounds, of which the second half counts.
 */
public final class MetricsCostRounds {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 5_000;

    private MetricsCostRounds() {}

    /**
     * Prints medians with their quartiles, and how much is allocated.
     *
     * @param args the number of rounds, 200 if it is missing
     */
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        for (String registry : new String[] {"simple", "prometheus"}) {
            MetricsCost cost = new MetricsCost();
            cost.registry = registry;
            cost.build();
            print(registry + ", one timer", cost::oneTimer, rounds);
            print(registry + ", a plain call", cost::plainCall, rounds);
            print(registry + ", a streamed call", cost::streamedCall, rounds);
        }
    }

    private static void print(String name, Runnable work, int rounds) {
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
