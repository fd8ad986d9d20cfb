package dev.llmproxy.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures {@link CallCost} in rounds and compares within each round: a machine that is now fast and now slow changes
 * both sides of a ratio, but not the ratio.
 */
public final class CallCostRounds {
    private static final List<String> BENCHMARKS = List.of(
            "bare",
            "least",
            "interceptorOnly",
            "chainOnly",
            "withListener",
            "withRetries",
            "withCredentials",
            "wrapped",
            "strict");

    private CallCostRounds() {}

    /**
     * Prints the medians and quartiles of all rounds.
     *
     * @param args the number of rounds, and the benchmarks to compare with bare; 10 and all where they are missing
     * @throws RunnerException if a benchmark fails
     */
    public static void main(String[] args) throws RunnerException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 10;
        List<String> names =
                args.length > 1 ? List.of(args).subList(1, args.length) : BENCHMARKS.subList(1, BENCHMARKS.size());
        Map<String, double[]> ratios = new LinkedHashMap<>();
        Map<String, double[]> bytes = new LinkedHashMap<>();
        double[] bareNanos = new double[rounds];
        double[] bareBytes = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            RunResult bare = run("bare");
            bareNanos[round] = nanos(bare);
            bareBytes[round] = bytes(bare);
            for (String name : names) {
                RunResult result = run(name);
                ratios.computeIfAbsent(name, n -> new double[rounds])[round] = nanos(result) / nanos(bare) - 1;
                bytes.computeIfAbsent(name, n -> new double[rounds])[round] = bytes(result) - bytes(bare);
            }
        }
        System.out.printf("bare: %.0f ns, %.0f bytes%n", quantile(bareNanos, 0.5), quantile(bareBytes, 0.5));
        for (String name : names) {
            double[] of = ratios.getOrDefault(name, new double[rounds]);
            System.out.printf(
                    "%s: + %.2f x bare [%.2f to %.2f], + %.0f bytes%n",
                    name,
                    quantile(of, 0.5),
                    quantile(of, 0.25),
                    quantile(of, 0.75),
                    quantile(bytes.getOrDefault(name, new double[rounds]), 0.5));
        }
    }

    private static RunResult run(String name) throws RunnerException {
        Options options = new OptionsBuilder()
                .include(CallCost.class.getName() + "\\." + name + "$")
                .forks(1)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .build();
        return new Runner(options).runSingle();
    }

    private static double nanos(RunResult result) {
        return result.getPrimaryResult().getScore();
    }

    private static double bytes(RunResult result) {
        return Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                .getScore();
    }

    private static double quantile(double[] values, double part) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }
}
