package dev.llmproxy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LaboratoryTest {
    private static final int TRIALS = Integer.getInteger("lab.trials", 2);
    private static final long SEED = Long.getLong("lab.seed", 1);

    @Test
    void everyFaultIsToldByItsNameAndNothingElseIs() throws InterruptedException {
        List<Scenario> scenarios = Laboratory.scenarios().stream()
                .filter(scenario -> scenario.toString().contains(System.getProperty("lab.only", "")))
                .toList();
        List<Result> results = Laboratory.run(scenarios, TRIALS, SEED);
        List<Result> wrong =
                results.stream().filter(result -> !result.isRight()).toList();
        wrong.forEach(System.out::println);
        assertThat(wrong).isEmpty();
    }
}
