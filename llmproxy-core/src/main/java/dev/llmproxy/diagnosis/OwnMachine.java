package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Ticker;
import org.jspecify.annotations.Nullable;

/** The machine that this process runs on. */
final class OwnMachine implements Machine {
    private volatile @Nullable Cgroup cgroup;
    private volatile @Nullable HeapBeans heap;
    private volatile @Nullable PlatformBeans platform;
    private volatile @Nullable GcPauses pauses;
    private volatile @Nullable RunQueue queue;
    private volatile @Nullable Crowd waiting;

    @Override
    public void begin(Stalls collections, Ticker ticker) {
        cgroup = Cgroup.ofThisProcess();
        queue = RunQueue.ofThisThread();
        waiting = Crowd.ofThisMachine();
        heap = OnDemand.load("the heap", HeapBeans::new);
        platform = OnDemand.load("the process", PlatformBeans::new);
        pauses = OnDemand.load("garbage collection", () -> new GcPauses(collections, ticker));
    }

    @Override
    public CpuSample sample(long now) {
        RunQueue account = queue;
        GcPauses watched = pauses;
        Crowd crowd = waiting;
        long queued = account == null ? UNKNOWN : account.queuedNanos();
        PlatformBeans beans = platform;
        Cgroup group = cgroup;
        return new CpuSample(
                now,
                beans == null ? UNKNOWN : beans.usedNanos(),
                group == null ? UNKNOWN : group.throttledNanos(),
                queued,
                watched == null ? UNKNOWN : watched.totalNanos(),
                crowd == null ? UNKNOWN : crowd.readyPermille(),
                // Only where nothing better is known: it is dear in a container.
                queued >= 0 || beans == null ? UNKNOWN : beans.busyPermille());
    }

    @Override
    public Vitals vitals() {
        Runtime runtime = Runtime.getRuntime();
        HeapBeans memory = heap;
        PlatformBeans beans = platform;
        Cgroup group = cgroup;
        long max = runtime.maxMemory();
        return new Vitals(
                new Gauge(runtime.totalMemory() - runtime.freeMemory(), max),
                new Gauge(memory == null ? UNKNOWN : memory.afterCollection(), max),
                beans == null ? Gauge.UNKNOWN : beans.descriptors(),
                new Gauge(memory == null ? UNKNOWN : memory.threads(), group == null ? UNKNOWN : group.maxThreads()),
                LocalPorts.ofThisMachine(),
                runtime.availableProcessors(),
                group == null ? UNKNOWN : group.cpuQuota());
    }

    @Override
    public void catchUp() {
        GcPauses watched = pauses;
        if (watched != null) {
            watched.catchUp();
        }
    }

    @Override
    public void close() {
        GcPauses watched = pauses;
        if (watched != null) {
            watched.close();
        }
    }
}
