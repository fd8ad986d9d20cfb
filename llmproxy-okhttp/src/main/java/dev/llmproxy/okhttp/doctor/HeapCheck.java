package dev.llmproxy.okhttp.doctor;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/** Whether the heap has room for the calls that are made at the same time. */
final class HeapCheck implements Check {
    private static final long MIB = 1L << 20;
    private static final double FULL = 0.85;

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public Finding examine(Visit visit) {
        return judge(
                Runtime.getRuntime().maxMemory(),
                keptByCollections(),
                visit.patient().concurrency());
    }

    Finding judge(long max, long kept, int concurrency) {
        long mib = max / MIB;
        if (kept > max * FULL) {
            return Finding.warn(name(), "the heap is full: " + kept / MIB + " of " + mib + " MiB survive collections")
                    .action("give the JVM more heap (-Xmx), or find what fills it")
                    .action("without room, collections stop calls for longer than their budgets");
        }
        if (max / Math.max(1, concurrency) < MIB) {
            return Finding.warn(name(), mib + " MiB for " + concurrency + " calls at the same time")
                    .evidence("for each call", max / Math.max(1, concurrency) / 1_024 + " KiB")
                    .action("give the JVM more heap (-Xmx), or make fewer calls at the same time");
        }
        return Finding.ok(name(), mib + " MiB at most, " + kept / MIB + " MiB survive collections");
    }

    private static long keptByCollections() {
        long kept = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage afterwards = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            kept += afterwards == null ? 0 : afterwards.getUsed();
        }
        return kept;
    }
}
