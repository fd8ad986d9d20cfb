package dev.llmproxy.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.simulation.SimulationReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class AnomalySimulationTest {
    private static final int SEEDS = 200;
    private static final int WARM_UP = 1_000;
    private static final int CALLS = 10_000;
    private static final int PATIENCE = 1_000;

    private final List<String> lines = new ArrayList<>();

    private void line(String format, Object... values) {
        lines.add(String.format(Locale.ROOT, format, values));
    }

    @Test
    void changesAreFoundAfterFewCallsAndChanceIsNotTakenForOne() {
        line(
                "Times to the first token with heavy tails (one call of a hundred takes eight times as long), watched after");
        line(
                "%,d calls; %d seeds. False alarms in %,d calls that are all alike: %s; while the median",
                WARM_UP, SEEDS, CALLS, rate(falseAlarms(call -> 1)));
        line("swings by a tenth up and down four times: %s.", rate(falseAlarms(AnomalySimulationTest::swing)));
        line("");
        line(
                "| the median changes by | found after (median of the seeds) | after (95 of 100 seeds) | never in %,d calls |",
                PATIENCE);
        line("|---|---|---|---|");
        level(1.5, 40);
        level(2, 15);
        level(4, 8);
        level(0.5, 15);
        line("");
        line("Errors, where one of a hundred calls fails. False alarms in %,d calls: %s.", CALLS, rate(falseErrors()));
        line("");
        line(
                "| then fail | found after (median of the seeds) | after (95 of 100 seeds) | never in %,d calls |",
                PATIENCE);
        line("|---|---|---|---|");
        share(0.2, 40);
        share(0.5, 12);
        share(1, 5);
        SimulationReport.assertSection("Anomalies", String.join("\n", lines));
    }

    private static double swing(int call) {
        return 1 + 0.1 * Math.sin(2 * Math.PI * 4 * call / CALLS);
    }

    private static String rate(double alarms) {
        return String.format(Locale.ROOT, "%.2f", alarms);
    }

    /** Runs a chart over calls that are all alike, and counts how often it begins to alarm. */
    private static double falseAlarms(java.util.function.IntToDoubleFunction median) {
        int alarms = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedCalls calls = new SimulatedCalls(seed);
            Chart chart = learned(new LevelChart(), value -> calls.time(1));
            for (int i = 0; i < CALLS; i++) {
                chart.add(calls.time(median.applyAsDouble(i)), true);
                if (chart.isOver()) {
                    alarms++;
                    chart = learned(new LevelChart(), value -> calls.time(1));
                }
            }
        }
        double rate = (double) alarms / SEEDS;
        assertThat(rate).isLessThan(2.5);
        return rate;
    }

    private static double falseErrors() {
        int alarms = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedCalls calls = new SimulatedCalls(seed);
            Chart chart = learned(new RateChart(), value -> calls.has(0.01));
            for (int i = 0; i < CALLS; i++) {
                chart.add(calls.has(0.01), true);
                if (chart.isOver()) {
                    alarms++;
                    chart = learned(new RateChart(), value -> calls.has(0.01));
                }
            }
        }
        double rate = (double) alarms / SEEDS;
        assertThat(rate).isLessThan(1);
        return rate;
    }

    private static Chart learned(Chart chart, DoubleUnaryOperator usual) {
        for (int i = 0; i < WARM_UP; i++) {
            chart.add(usual.applyAsDouble(0), true);
        }
        return chart;
    }

    private void level(double factor, int atMost) {
        int[] delays = new int[SEEDS];
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedCalls calls = new SimulatedCalls(seed);
            delays[seed] = delay(learned(new LevelChart(), value -> calls.time(1)), value -> calls.time(factor));
        }
        row(String.format(Locale.ROOT, "x %.1f", factor), delays, atMost);
    }

    private void share(double share, int atMost) {
        int[] delays = new int[SEEDS];
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedCalls calls = new SimulatedCalls(seed);
            delays[seed] = delay(learned(new RateChart(), value -> calls.has(0.01)), value -> calls.has(share));
        }
        row(String.format(Locale.ROOT, "%.0f %%", 100 * share), delays, atMost);
    }

    private static int delay(Chart chart, DoubleUnaryOperator changed) {
        for (int call = 1; call <= PATIENCE; call++) {
            chart.add(changed.applyAsDouble(0), true);
            if (chart.isOver()) {
                return call;
            }
        }
        return Integer.MAX_VALUE;
    }

    private void row(String change, int[] delays, int atMost) {
        Arrays.sort(delays);
        long never = Arrays.stream(delays)
                .filter(delay -> delay == Integer.MAX_VALUE)
                .count();
        int median = delays[SEEDS / 2];
        line("| %s | %d calls | %d calls | %d of %d |", change, median, delays[SEEDS * 95 / 100], never, SEEDS);
        assertThat(median).isLessThanOrEqualTo(atMost);
        assertThat(never).isZero();
    }
}
