package dev.llmproxy.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * The same as {@link CacheCost} in time of the processor, which other programs on the machine take little part in: both in
 * turn in each round, so that a round compares them, and the second half of the rounds counts.
 */
public final class CacheCostRounds {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 2_000;

    private CacheCostRounds() {}

    private interface Work {
        void run() throws IOException;
    }

    /**
     * Prints medians with their quartiles.
     *
     * @param args the number of rounds, 1,000 if it is missing
     * @throws IOException never
     */
    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        double[] least = new double[rounds];
        double[] hit = new double[rounds];
        double[] ratio = new double[rounds];
        CacheCost cost = new CacheCost();
        cost.build();
        for (int round = 0; round < rounds; round++) {
            least[round] = nanos(cost::least);
            hit[round] = nanos(cost::hit);
            ratio[round] = hit[round] / least[round];
        }
        cost.close();
        print("least, ns", least);
        print("hit, ns", hit);
        print("ratio", ratio);
    }

    private static double nanos(Work work) throws IOException {
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < CALLS; i++) {
            work.run();
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / (double) CALLS;
    }

    private static void print(String name, double[] all) {
        double[] counted = Arrays.copyOfRange(all, all.length / 2, all.length);
        Arrays.sort(counted);
        int last = counted.length - 1;
        System.out.printf(
                "%s: %.2f [%.2f to %.2f], least %.2f%n",
                name, counted[last / 2], counted[last / 4], counted[last * 3 / 4], counted[0]);
    }
}
