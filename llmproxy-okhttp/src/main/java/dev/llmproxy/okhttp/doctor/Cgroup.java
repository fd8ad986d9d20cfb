package dev.llmproxy.okhttp.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a container lets this process have of the CPU.
 *
 * @param cpus how many; nothing without a quota
 * @param throttled the share of periods in which the quota was used up
 */
record Cgroup(OptionalDouble cpus, double throttled) {
    private static final int ENOUGH_PERIODS = 100;

    /** Returns what the files say, of version 2 or 1; nothing where there are none. */
    static Cgroup read(Path root) {
        List<String> quota = words(root.resolve("cpu.max"));
        if (quota.size() == 2) {
            return new Cgroup(cpus(quota.get(0), quota.get(1)), throttled(root.resolve("cpu.stat")));
        }
        Path first = root.resolve("cpu");
        List<String> allowed = words(first.resolve("cpu.cfs_quota_us"));
        List<String> period = words(first.resolve("cpu.cfs_period_us"));
        boolean limited = allowed.size() == 1 && period.size() == 1;
        return new Cgroup(
                limited ? cpus(allowed.get(0), period.get(0)) : OptionalDouble.empty(),
                throttled(first.resolve("cpu.stat")));
    }

    private static OptionalDouble cpus(String allowed, String period) {
        double quota = number(allowed);
        double length = number(period);
        return quota > 0 && length > 0 ? OptionalDouble.of(quota / length) : OptionalDouble.empty();
    }

    private static double throttled(Path statistics) {
        List<String> words = words(statistics);
        double periods = after("nr_periods", words);
        return periods < ENOUGH_PERIODS ? 0 : after("nr_throttled", words) / periods;
    }

    private static double after(String name, List<String> words) {
        int at = words.indexOf(name);
        return at < 0 || at + 1 == words.size() ? 0 : number(words.get(at + 1));
    }

    // "max" and "-1" say that there is no limit.
    private static double number(String word) {
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static List<String> words(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .flatMap(line -> List.of(line.strip().split(" +", -1)).stream())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
