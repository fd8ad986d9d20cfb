package dev.llmproxy.lab;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The page that tells what a full run of the laboratory has found. */
final class DiagnosisPage {
    private static final double[] CONFIDENCES = {0.5, 0.7, 0.85, 0.95, 1.01};

    private final StringBuilder text = new StringBuilder();
    private final List<Result> results;
    private final List<Result> faulty;

    private DiagnosisPage(List<Result> results) {
        this.results = results;
        this.faulty = results.stream()
                .filter(result -> result.scenario().cause().isPresent())
                .toList();
    }

    static String of(List<Result> results, String command, List<String> remedies, Map<String, List<Result>> ablations) {
        DiagnosisPage page = new DiagnosisPage(results);
        page.head(command);
        page.families();
        page.mistakes();
        page.reliability();
        page.baselines();
        page.ablations(ablations);
        page.remedies(remedies);
        page.causes();
        page.missing();
        return page.text.toString();
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String share(long part, long all) {
        return all == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / all);
    }

    private static long count(List<Result> of, Predicate<Result> predicate) {
        return of.stream().filter(predicate).count();
    }

    private void head(String command) {
        int healthy = results.size() - faulty.size();
        line("# How well faults are told apart");
        line("");
        line("```text");
        line("%s", command);
        line("```");
        line("");
        line(
                "The fault laboratory makes faults happen for real: sockets, TLS, DNS, HTTP with bodies and headers in the forms of");
        line(
                "providers; the last table names what it does not inject. Each scenario runs with parameters by chance (wire format, streamed or");
        line(
                "plain, framing, TLS, times, places of a cut), beside calls that look like faults and are none. Budgets are");
        line(
                "scaled down, so that a trial takes moments. The command above writes this page; the build runs each scenario once.");
        line("The scenarios were written beside the rules: faults of others' making will be told less well.");
        line("");
        line("| | |");
        line("|---|---|");
        line(
                "| scenarios | %d, of %d causes, and %d healthy ones |",
                results.stream().map(Result::scenario).distinct().count() - healthyScenarios(),
                faulty.stream().map(r -> r.scenario().cause()).distinct().count(),
                healthyScenarios());
        line("| trials with a fault | %,d |", faulty.size());
        line("| right cause | %s |", share(count(faulty, Result::isRight), faulty.size()));
        line("| right family | %s |", share(count(faulty, Result::isRightFamily), faulty.size()));
        line("| nothing claimed | %s |", share(count(faulty, Result::isAbstention), faulty.size()));
        line("| healthy trials | %,d |", healthy);
        line("| false alarms | %d |", count(results, Result::isFalseAlarm));
        line("");
    }

    private long healthyScenarios() {
        return results.stream()
                .map(Result::scenario)
                .filter(scenario -> scenario.cause().isEmpty())
                .distinct()
                .count();
    }

    private void families() {
        line("## By family");
        line("");
        line("| family | trials | right cause | right family |");
        line("|---|---|---|---|");
        for (FaultFamily family : FaultFamily.values()) {
            List<Result> of = faulty.stream()
                    .filter(result -> result.family().equals(Optional.of(family)))
                    .toList();
            if (!of.isEmpty()) {
                line(
                        "| %s | %,d | %s | %s |",
                        family,
                        of.size(),
                        share(count(of, Result::isRight), of.size()),
                        share(count(of, Result::isRightFamily), of.size()));
            }
        }
        line("");
    }

    private void mistakes() {
        line("## What was taken for something else");
        line("");
        Map<String, Long> wrong = results.stream()
                .filter(result -> !result.isRight())
                .collect(Collectors.groupingBy(
                        result -> "`" + code(result.scenario().cause()) + "` ("
                                + result.scenario().name() + ") | `" + code(result.told()) + "`",
                        TreeMap::new,
                        Collectors.counting()));
        if (wrong.isEmpty()) {
            line("Nothing in this run.");
        } else {
            line("| what was injected | what was told | trials |");
            line("|---|---|---|");
            wrong.forEach((what, trials) -> line("| %s | %d |", what, trials));
        }
        line("");
    }

    private static String code(Optional<FaultCause> cause) {
        return cause.map(FaultCause::code).orElse("nothing");
    }

    private void reliability() {
        line("## Whether it is as sure as it says");
        line("");
        line("| confidence | trials | right |");
        line("|---|---|---|");
        for (int i = 0; i + 1 < CONFIDENCES.length; i++) {
            double from = CONFIDENCES[i];
            double to = CONFIDENCES[i + 1];
            List<Result> of = faulty.stream()
                    .filter(result ->
                            result.fault().isPresent() && result.confidence() >= from && result.confidence() < to)
                    .toList();
            line(
                    "| %.2f to %.2f | %,d | %s |",
                    from, Math.min(1, to), of.size(), share(count(of, Result::isRight), of.size()));
        }
        line("");
    }

    private void baselines() {
        line("## Beside others");
        line("");
        line(
                "What the same trials let somebody tell at best who sees less; for the first four rows, somebody who knows what each");
        line("thing that he sees most often stands for in these very trials.");
        line("");
        line("| going by | right cause |");
        line("|---|---|");
        baseline("the exception type of openai-java", Baselines::openAiSdk);
        baseline("the exception type of LangChain4j", Baselines::langChain4j);
        baseline("the class of the exception", Baselines::exceptionClass);
        baseline("the class of the exception and the HTTP status", Baselines::exceptionClassAndStatus);
        line("| llmproxy | %s |", share(count(faulty, Result::isRight), faulty.size()));
        line("");
    }

    private void baseline(String name, Function<Result, String> seen) {
        line("| %s | %.1f %% |", name, 100 * Baselines.best(results, seen));
    }

    private void ablations(Map<String, List<Result>> ablations) {
        line("## What each part of it is worth");
        line("");
        line("The first five trials of each scenario once more, by a diagnosis that sees less.");
        line("");
        line("| llmproxy | right cause | false alarms | what is told instead |");
        line("|---|---|---|---|");
        ablations.forEach((name, of) -> {
            List<Result> broken = of.stream()
                    .filter(result -> result.scenario().cause().isPresent())
                    .toList();
            line(
                    "| %s | %s | %d | %s |",
                    name,
                    share(count(broken, Result::isRight), broken.size()),
                    count(of, Result::isFalseAlarm),
                    instead(broken));
        });
        line("");
    }

    private static String instead(List<Result> of) {
        Map<String, Long> wrong = of.stream()
                .filter(result -> !result.isRight())
                .collect(Collectors.groupingBy(
                        result -> "`" + code(result.scenario().cause()) + "` as `" + code(result.told()) + "`",
                        TreeMap::new,
                        Collectors.counting()));
        return wrong.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private void remedies(List<String> remedies) {
        line("## Whether the remedy works");
        line("");
        line("Faults whose remedy is a setting: it is applied as it was computed, and the same thing happens again.");
        line("");
        line("| cause | the setting, where it was told first | trials | told | then answered |");
        line("|---|---|---|---|---|");
        remedies.forEach(remedy -> line("%s", remedy));
        line("");
    }

    private void causes() {
        line("## Every cause");
        line("");
        line("| cause | what is injected | at | trials | right |");
        line("|---|---|---|---|---|");
        Map<Scenario, List<Result>> byScenario = new LinkedHashMap<>();
        for (Result result : results) {
            byScenario
                    .computeIfAbsent(result.scenario(), scenario -> new ArrayList<>())
                    .add(result);
        }
        List<Scenario> scenarios = new ArrayList<>(byScenario.keySet());
        scenarios.sort(Comparator.comparing(
                scenario -> scenario.cause().map(FaultCause::ordinal).orElse(Integer.MAX_VALUE)));
        for (Scenario scenario : scenarios) {
            List<Result> of = byScenario.getOrDefault(scenario, List.of());
            line(
                    "| `%s` | %s | %s | %d | %d |",
                    code(scenario.cause()),
                    scenario.name(),
                    scenario.seam().isEmpty() ? "the real place" : scenario.seam(),
                    of.size(),
                    count(of, Result::isRight));
        }
        line("");
    }

    private void missing() {
        line("## Not injected here");
        line("");
        Map<FaultCause, String> missing = Uninjected.reasons();
        line("| cause | why, and where it is shown |");
        line("|---|---|");
        missing.forEach((cause, why) -> line("| `%s` | %s |", cause.code(), why));
    }
}
