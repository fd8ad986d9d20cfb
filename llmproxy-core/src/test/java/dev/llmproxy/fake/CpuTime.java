package dev.llmproxy.fake;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * How long the thread of a test works on something: what else the machine has to do meanwhile, and what the JVM compiles or
 * collects on threads of its own, does not count.
 */
public final class CpuTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** What is measured. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    private CpuTime() {}

    /** Runs something, and returns for how long it had a processor. */
    public static Duration of(Work work) throws Exception {
        long before = THREADS.getCurrentThreadCpuTime();
        work.run();
        return Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before);
    }
}
