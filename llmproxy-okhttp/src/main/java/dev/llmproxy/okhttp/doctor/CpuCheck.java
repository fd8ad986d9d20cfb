package dev.llmproxy.okhttp.doctor;

import java.nio.file.Path;
import java.util.Locale;

/** Whether the CPU that this process may use is enough for the calls that are made at the same time. */
final class CpuCheck implements Check {
    private static final int MOST_CALLS_PER_CPU = 200;
    private static final double OFTEN = 0.05;

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Finding examine(Visit visit) {
        Cgroup group = Cgroup.read(Path.of("/sys/fs/cgroup"));
        return judge(
                Runtime.getRuntime().availableProcessors(),
                group,
                visit.patient().concurrency());
    }

    Finding judge(int processors, Cgroup group, int concurrency) {
        double cpus = Math.min(processors, group.cpus().orElse(processors));
        String have =
                String.format(Locale.ROOT, "%.3g CPU%s", cpus, group.cpus().isPresent() ? " (quota)" : "");
        if (group.throttled() > OFTEN) {
            return Finding.warn(name(), "the container's quota stops this process: " + have)
                    .evidence(
                            "periods that were cut short",
                            String.format(Locale.ROOT, "%.0f %%", group.throttled() * 100))
                    .action("raise the quota of the container, or make fewer calls at the same time");
        }
        if (concurrency > cpus * MOST_CALLS_PER_CPU) {
            return Finding.warn(name(), have + " for " + concurrency + " calls at the same time")
                    .action("raise the quota of the container, or make fewer calls at the same time");
        }
        return Finding.ok(name(), have + " for " + concurrency + " calls at the same time");
    }
}
