package dev.llmproxy.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.llmproxy.event.LlmEvent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One step of {@link CallCost} beside OkHttp alone in time of the processor, which other programs on the machine take
 * little part in: both in turn in each round, so that a round compares them, and the second half of the rounds counts. For
 * {@link Forks}.
 */
public final class CallTime {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 5_000;
    private static volatile @Nullable LlmEvent heard;

    private CallTime() {}

    private interface Work {
        byte[] run() throws IOException;
    }

    /**
     * Prints how much more a step takes than OkHttp alone.
     *
     * @param args the step: a method of {@link CallCost}; the number of rounds
     * @throws IOException never
     */
    public static void main(String[] args) throws IOException {
        CallCost cost = new CallCost();
        cost.build((LlmEvent event) -> heard = event);
        Work step = stepOf(args[0], cost);
        double[] more = new double[Integer.parseInt(args[1])];
        long bytes = 0;
        for (int round = 0; round < more.length; round++) {
            long before = allocated();
            double alone = nanos(cost::bare);
            long between = allocated();
            more[round] = nanos(step) / alone - 1;
            bytes = allocated() - between - (between - before);
        }
        cost.close();
        double[] counted = Arrays.copyOfRange(more, more.length / 2, more.length);
        Arrays.sort(counted);
        System.out.printf("%s, times of OkHttp alone: + %.2f%n", args[0], counted[counted.length / 2]);
        System.out.printf("%s, bytes: + %.0f%n", args[0], bytes / (double) CALLS);
    }

    private static Work stepOf(String name, CallCost cost) {
        return switch (name) {
            case "least" -> cost::least;
            case "chainOnly" -> cost::chainOnly;
            case "wrapped" -> cost::wrapped;
            case "strict" -> cost::strict;
            default ->
                throw new IllegalArgumentException(
                        "step: " + name + " (expected: least, chainOnly, wrapped or strict)");
        };
    }

    private static double nanos(Work work) throws IOException {
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < CALLS; i++) {
            work.run();
        }
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
