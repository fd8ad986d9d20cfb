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
            nanos[round] = nanos(work, CALLS);
            bytes = (allocated() - allocated) / (double) CALLS;
        }
        System.out.printf("%s: %s ns, %.1f bytes%n", name, quantiles(nanos, "%.0f"), bytes);
    }

    /** Prints how many hundredths of a yardstick work takes, both measured in each round. */
    static void compare(String name, Runnable work, Runnable yardstick, int rounds) {
        double[] percent = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            percent[round] = 100 * nanos(work, CALLS) / nanos(yardstick, CALLS / 50);
        }
        System.out.printf("%s: %s %%%n", name, quantiles(percent, "%.2f"));
    }

    private static double nanos(Runnable work, int times) {
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            work.run();
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / (double) times;
    }

    private static String quantiles(double[] all, String form) {
        double[] counted = Arrays.copyOfRange(all, all.length / 2, all.length);
        Arrays.sort(counted);
        int last = counted.length - 1;
        return (form + " [" + form + " to " + form + "]")
                .formatted(counted[last / 2], counted[last / 4], counted[last * 3 / 4]);
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
