package dev.llmproxy.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.EOFException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Measures what it costs to judge a streamed and a plain answer, against reading the lines of the stream with Okio: in
 * time of the processor, which other programs on the machine take little part in, and within rounds, of which the second
 * half counts.
 */
public final class JudgeCost {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int STREAMS = 100;
    private static final int ANSWERS = 2_000;

    private JudgeCost() {}

    private interface Work {
        long run() throws EOFException;
    }

    /**
     * Prints medians and quartiles.
     *
     * @param args the number of rounds, 300 if it is missing
     * @throws EOFException never
     */
    public static void main(String[] args) throws EOFException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 300;
        compareStreams("stream", false, rounds);
        compareStreams("stream with padding", true, rounds);
        AnswerScan answer = new AnswerScan();
        judge("plain answer", answer::judgeUsual, rounds);
        judge("plain answer of many escapes", answer::judgeAnswer, rounds);
        judge("plain answer of more text", answer::judgeProse, rounds);
    }

    private static void judge(String name, Work work, int rounds) throws EOFException {
        long[] nanos = new long[rounds];
        long[] bytes = new long[rounds];
        for (int round = 0; round < rounds; round++) {
            nanos[round] = measure(work, ANSWERS, bytes, round);
        }
        System.out.printf("%s, microseconds: %s%n", name, quantiles(nanos, 1e3));
        System.out.printf("%s, bytes: %d%n", name, bytes[rounds - 1]);
    }

    private static void compareStreams(String name, boolean padded, int rounds) throws EOFException {
        StreamScan scan = new StreamScan();
        scan.obfuscated = padded;
        scan.write();
        long[] percent = new long[rounds];
        long[] readBytes = new long[rounds];
        long[] judgeBytes = new long[rounds];
        for (int round = 0; round < rounds; round++) {
            long read = measure(scan::readUtf8Line, STREAMS, readBytes, round);
            percent[round] = 100 * measure(scan::judgeStream, STREAMS, judgeBytes, round) / read;
        }
        System.out.printf("%s, against reading its lines: %s%n", name, quantiles(percent, 100));
        System.out.printf("%s, bytes: %d%n", name, judgeBytes[rounds - 1]);
        System.out.printf("%s, bytes of reading its lines: %d%n", name, readBytes[rounds - 1]);
    }

    /** Returns how long one takes, and writes down how much it allocates. */
    private static long measure(Work work, int times, long[] bytes, int round) throws EOFException {
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        long start = THREADS.getCurrentThreadCpuTime();
        long result = 0;
        for (int i = 0; i < times; i++) {
            result += work.run();
        }
        long nanos = THREADS.getCurrentThreadCpuTime() - start;
        if (result == 0) {
            throw new IllegalStateException("result: 0 (expected: what was read)");
        }
        bytes[round] = (THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - allocated) / times;
        return Math.max(1, nanos / times);
    }

    private static String quantiles(long[] all, double unit) {
        long[] sorted = Arrays.copyOfRange(all, all.length / 2, all.length);
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        return "%.2f [%.2f to %.2f]"
                .formatted(sorted[last / 2] / unit, sorted[last / 4] / unit, sorted[last * 3 / 4] / unit);
    }
}
