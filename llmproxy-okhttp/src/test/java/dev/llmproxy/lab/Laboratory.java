package dev.llmproxy.lab;

import dev.llmproxy.diagnosis.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Runs scenarios, each several times with other parameters, a few at once. */
final class Laboratory {
    // Trials wait most of their time.
    private static final int AT_ONCE = 6;
    // So that a fifth of all trials only looks like faults.
    private static final int HEALTHY_TIMES = 3;
    private static final long HEALTHY_AGAIN = 3_000_000;

    private Laboratory() {}

    static List<Scenario> scenarios() {
        return Stream.of(
                        TimeoutScenarios.all(),
                        CorruptionScenarios.all(),
                        AuthenticationScenarios.all(),
                        ConnectivityScenarios.all(),
                        ServiceScenarios.all(),
                        GatewayScenarios.all(),
                        MixedScenarios.all(),
                        LocalScenarios.all(),
                        Http2Scenarios.all(),
                        HealthyScenarios.all())
                .flatMap(List::stream)
                .toList();
    }

    /** Runs each scenario so many times, with seeds from this one on, diagnosed by one who sees that much. */
    static List<Result> run(List<Scenario> scenarios, int trials, long firstSeed, Sight sight)
            throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<Result>> work = new ArrayList<>();
            for (int i = 0; i < trials; i++) {
                long seed = firstSeed + i;
                for (Scenario scenario : scenarios) {
                    int times = scenario.cause().isEmpty() ? HEALTHY_TIMES : 1;
                    for (long again = 0; again < times; again++) {
                        long own = seed + again * HEALTHY_AGAIN;
                        work.add(() -> run(scenario, own, sight));
                    }
                }
            }
            List<Result> results = new ArrayList<>();
            for (Future<Result> result : threads.invokeAll(work)) {
                results.add(result.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("a trial could not be run", e.getCause());
        } finally {
            threads.shutdown();
        }
    }

    static Result run(Scenario scenario, long seed, Sight sight) throws Exception {
        try (Trial trial = new Trial(seed + scenario.name().hashCode(), sight)) {
            scenario.injection().run(trial);
            return Result.of(scenario, seed, trial);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(scenario + ", seed " + seed, e);
        }
    }
}
