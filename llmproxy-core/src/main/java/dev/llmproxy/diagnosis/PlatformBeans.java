package dev.llmproxy.diagnosis;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** Processors and file descriptors, as {@code jdk.management} tells them. */
final class PlatformBeans {
    private static final int PERMILLE = 1_000;

    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final @Nullable UnixOperatingSystemMXBean unix =
            system instanceof UnixOperatingSystemMXBean bean ? bean : null;

    /** Returns what all threads have used so far, in nanoseconds, or a negative number. */
    long usedNanos() {
        return system.getProcessCpuTime();
    }

    /** Returns how busy the machine was since this was asked before, of 1,000, or a negative number. */
    long busyPermille() {
        double load = system.getCpuLoad();
        return load < 0 ? Machine.UNKNOWN : Math.round(load * PERMILLE);
    }

    // To count them takes one more of them: where there is none, all are open.
    Gauge descriptors() {
        if (unix == null) {
            return Gauge.UNKNOWN;
        }
        long max = unix.getMaxFileDescriptorCount();
        try {
            return new Gauge(unix.getOpenFileDescriptorCount(), max);
        } catch (InternalError e) {
            return new Gauge(max, max);
        }
    }
}
