package dev.llmproxy.cache;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Measures what the key of a request of 100 KB costs against the SHA-256 of its body, in time of the processor: JMH
 * measures time that passes, of which other programs on the machine take their part.
 */
public final class KeyCostRounds {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int BYTES = 100_000;
    private static final int[] LINES = {25, 1};
    private static final int CALLS = 20;

    private KeyCostRounds() {}

    private interface Work {
        Object run() throws IOException;
    }

    /**
     * Prints the least of the rounds, by that of the SHA-256.
     *
     * @param args the number of rounds, 300 if it is missing
     * @throws IOException never
     */
    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 300;
        for (int lines : LINES) {
            KeyCost cost = new KeyCost();
            cost.bytes = BYTES;
            cost.lines = lines;
            cost.build();
            Work[] works = {cost::sha256, cost::keyOfRepeatedBody, cost::canonicalise};
            long[] least = new long[works.length];
            Arrays.fill(least, Long.MAX_VALUE);
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < works.length; i++) {
                    least[i] = Math.min(least[i], nanos(works[i]));
                }
            }
            String name = lines + (lines == 1 ? " line" : " lines") + " a message";
            System.out.printf("%s, SHA-256, microseconds: %.1f%n", name, least[0] / 1e3);
            System.out.printf("%s, the key of a repeated body: %.2f%n", name, (double) least[1] / least[0]);
            System.out.printf("%s, the canonical form: %.2f%n", name, (double) least[2] / least[0]);
        }
    }

    private static long nanos(Work work) throws IOException {
        int made = 0;
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < CALLS; i++) {
            made += work.run() == null ? 0 : 1;
        }
        long nanos = (THREADS.getCurrentThreadCpuTime() - start) / CALLS;
        if (made < CALLS) {
            throw new IllegalStateException("made: " + made + " (expected: " + CALLS + ")");
        }
        return Math.max(1, nanos);
    }
}
