package dev.llmproxy.diagnosis;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the control group of this process, of version 1 or 2, allows it. Linux only; elsewhere nothing is known. */
final class Cgroup {
    private static final long MICRO = 1_000;
    private static final String UNIFIED = "0::";

    private final Path root;
    private final List<String> groups;
    private final @Nullable Path cpu;

    private Cgroup(Path root, List<String> groups) {
        this.root = root;
        this.groups = groups;
        Path unified = withQuota(directory(UNIFIED, root));
        this.cpu = unified != null ? unified : withQuota(directory("cpu", root.resolve("cpu")));
    }

    static Cgroup ofThisProcess() {
        return in(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
    }

    static Cgroup in(Path membership, Path root) {
        return new Cgroup(root, SmallFiles.lines(membership));
    }

    // In a container the path is often that of the host, and what is mounted is the group itself.
    private Path directory(String controller, Path mount) {
        for (String line : groups) {
            int path = line.indexOf(':', line.indexOf(':') + 1) + 1;
            boolean isIt = controller.equals(UNIFIED)
                    ? line.startsWith(UNIFIED)
                    : List.of(line.substring(0, Math.max(0, path - 1)).split("[:,]", -1))
                            .contains(controller);
            Path own = mount.resolve(line.substring(path + (line.startsWith("/", path) ? 1 : 0)));
            if (path > 0 && isIt && Files.isDirectory(own)) {
                return own;
            }
        }
        return mount;
    }

    // A limit further up holds for all below.
    private @Nullable Path withQuota(Path own) {
        for (Path group = own; group != null && group.startsWith(root); group = group.getParent()) {
            if (quota(group) > 0) {
                return group;
            }
        }
        return null;
    }

    private static double quota(Path group) {
        List<String> both = SmallFiles.lines(group.resolve("cpu.max"));
        if (!both.isEmpty()) {
            String line = both.get(0);
            return share(SmallFiles.number(line), SmallFiles.number(line.substring(line.indexOf(' ') + 1)));
        }
        return share(
                SmallFiles.number(group.resolve("cpu.cfs_quota_us")),
                SmallFiles.number(group.resolve("cpu.cfs_period_us")));
    }

    private static double share(long quota, long period) {
        return quota <= 0 || period <= 0 ? Machine.UNKNOWN : (double) quota / period;
    }

    /** Returns the processors that this process may use on average, or a negative number where it may use all. */
    double cpuQuota() {
        return cpu == null ? Machine.UNKNOWN : quota(cpu);
    }

    /** Returns for how long this process was held back so far, over all processors, or a negative number. */
    long throttledNanos() {
        if (cpu == null) {
            return Machine.UNKNOWN;
        }
        Path stat = cpu.resolve("cpu.stat");
        long micros = SmallFiles.number(stat, "throttled_usec");
        return micros >= 0 ? micros * MICRO : SmallFiles.number(stat, "throttled_time");
    }

    /** Returns how many threads this process and its neighbours in the group may have, or a negative number. */
    long maxThreads() {
        long unified = SmallFiles.number(directory(UNIFIED, root).resolve("pids.max"));
        return unified >= 0
                ? unified
                : SmallFiles.number(directory("pids", root.resolve("pids")).resolve("pids.max"));
    }

    @Override
    public String toString() {
        return cpu == null ? "no quota" : "quota of " + cpu;
    }
}
