package dev.llmproxy.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a program of this package in JVMs of its own, one after the other, and prints of each number that it prints the
 * median of all runs: each JVM compiles otherwise, so that one alone says little. With an older version's classes it runs
 * both in turn, so that a machine that is now fast and now slow is so for both.
 */
public final class Forks {
    private static final String OLDER = "older=";

    private Forks() {}

    /**
     * Prints medians, quartiles and extremes.
     *
     * @param args {@code older=} and the class path of an older version, if that is to run too; the number of JVMs for each;
     *     the simple name of the program; its arguments
     * @throws IOException if a JVM cannot be started
     * @throws InterruptedException if this is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> rest = new ArrayList<>(List.of(args));
        Map<String, String> versions = new LinkedHashMap<>();
        String classPath = System.getProperty("java.class.path");
        if (!rest.isEmpty() && rest.get(0).startsWith(OLDER)) {
            versions.put("older, ", rest.remove(0).substring(OLDER.length()) + File.pathSeparator + classPath);
        }
        versions.put("", classPath);
        if (rest.size() < 2) {
            throw new IllegalArgumentException("arguments: " + rest + " (expected: how many JVMs, which program)");
        }
        int jvms = Integer.parseInt(rest.remove(0));
        Map<String, List<Double>> numbers = new LinkedHashMap<>();
        for (int jvm = 0; jvm < jvms; jvm++) {
            for (Map.Entry<String, String> version : versions.entrySet()) {
                run(version.getValue(), rest, version.getKey(), numbers);
            }
        }
        numbers.forEach((name, values) -> System.out.println(name + ": " + quantiles(values)));
    }

    private static void run(String classPath, List<String> program, String version, Map<String, List<Double>> numbers)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xms512m", "-Xmx512m", "-cp", classPath));
        command.add(Forks.class.getPackageName() + "." + program.get(0));
        command.addAll(program.subList(1, program.size()));
        Process jvm = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader printed = jvm.inputReader(UTF_8)) {
            printed.lines().forEach(line -> take(line, version, numbers));
        }
        if (jvm.waitFor() != 0) {
            throw new IllegalStateException(program + ": ended with " + jvm.exitValue() + " (expected: 0)");
        }
    }

    /** Takes the number behind the colon; the rest of the line is about that one run. */
    private static void take(String line, String version, Map<String, List<Double>> numbers) {
        int colon = line.indexOf(": ");
        String value = line.substring(colon + 2).replaceFirst("^\\+ ", "").split(" ", 2)[0];
        numbers.computeIfAbsent(version + line.substring(0, colon), name -> new ArrayList<>())
                .add(Double.parseDouble(value));
    }

    private static String quantiles(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        return "%.2f [%.2f to %.2f], of %d JVMs, all from %.2f to %.2f"
                .formatted(
                        (sorted[last / 2] + sorted[(last + 1) / 2]) / 2,
                        sorted[last / 4],
                        sorted[last - last / 4],
                        sorted.length,
                        sorted[0],
                        sorted[last]);
    }
}
