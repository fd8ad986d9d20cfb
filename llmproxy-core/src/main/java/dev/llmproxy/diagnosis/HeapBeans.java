package dev.llmproxy.diagnosis;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** Heap and threads, as {@code java.management} tells them. */
final class HeapBeans {
    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    /** Returns what was in use after the last collection of each part of the heap, in bytes. */
    long afterCollection() {
        long sum = 0;
        for (MemoryPoolMXBean pool : pools) {
            MemoryUsage usage = pool.getCollectionUsage();
            sum += usage == null ? 0 : usage.getUsed();
        }
        return sum;
    }

    int threads() {
        return threads.getThreadCount();
    }
}
