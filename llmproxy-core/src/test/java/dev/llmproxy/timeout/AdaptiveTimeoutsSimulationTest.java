package dev.llmproxy.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.simulation.SimulationReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class AdaptiveTimeoutsSimulationTest {
    private static final int SEEDS = 10;
    private static final int WARM_UP = 3_600;
    private static final int CALLS = 10_000;
    private static final int SOON = 300;
    private static final int LATER = 2_700;
    private static final double[] SLOWDOWNS = {3, 6};

    private final List<String> lines = new ArrayList<>();

    private void line(String format, Object... values) {
        lines.add(String.format(Locale.ROOT, format, values));
    }

    private static Timeouts fixed(int seconds) {
        Duration budget = Duration.ofSeconds(seconds);
        return Timeouts.standard().firstToken(budget).betweenBytes(budget);
    }

    @Test
    void healthyCallsLiveHangsAreFoundAndASlowdownIsSurvived() {
        line(
                "Streamed calls to one model, one each second, in three sizes; one in a hundred hangs. The first token comes");
        line(
                "after 0.8 s (median) and 3.2 s (99 of 100). After an hour of learning, means of %d seeds, %,d calls each:",
                SEEDS, CALLS);
        line("");
        line("| timeouts | healthy calls ended | a hang is found after (median) | within twice the 99th percentile |");
        line("|---|---|---|---|");
        steady("10 s for the first token and for silence", fixed(10));
        steady("60 s for both", fixed(60));
        steady("`Timeouts.standard()`", Timeouts.standard());
        steady("`Timeouts.adaptive()`", Timeouts.adaptive());
        line("");
        line("Then everything becomes slower at once and for good; healthy calls ended:");
        line("");
        line("| slower by | of the next %d: mean of the seeds | worst seed | of %,d after these: mean |", SOON, LATER);
        line("|---|---|---|---|");
        for (double slowdown : SLOWDOWNS) {
            slowdown(slowdown);
        }
        SimulationReport.assertSection("Adaptive timeouts", String.join("\n", lines));
    }

    private static SimulatedTimeouts learned(Timeouts timeouts, SimulatedTraffic traffic) {
        SimulatedTimeouts simulated = new SimulatedTimeouts(timeouts, traffic);
        simulated.run(WARM_UP);
        simulated.count();
        return simulated;
    }

    private void steady(String name, Timeouts timeouts) {
        double killed = 0;
        double found = 0;
        double within = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedTimeouts simulated = learned(timeouts, new SimulatedTraffic(seed));
            simulated.run(CALLS);
            killed += simulated.killedPart() / SEEDS;
            found += simulated.typicalHangSeconds() / SEEDS;
            within += simulated.hangsFoundWithin(2 * SimulatedTraffic.usualFirst()) / SEEDS;
        }
        line("| %s | %.2f %% | %.1f s | %.0f %% |", name, 100 * killed, found, 100 * within);
        if (timeouts.mode() == Adapt.ENFORCE) {
            assertThat(killed).isLessThan(0.005);
            assertThat(found).isLessThan(2e-9 * SimulatedTraffic.usualFirst());
            assertThat(within).isGreaterThan(0.9);
        }
    }

    private void slowdown(double factor) {
        double mean = 0;
        double late = 0;
        int worst = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedTraffic traffic = new SimulatedTraffic(seed);
            SimulatedTimeouts simulated = learned(Timeouts.adaptive(), traffic);
            traffic.slowDown(factor);
            simulated.run(SOON);
            mean += (double) simulated.killed() / SEEDS;
            worst = Math.max(worst, simulated.killed());
            simulated.count();
            simulated.run(LATER);
            late += (double) simulated.killed() / SEEDS;
        }
        line("| x %.0f | %.1f | %d | %.1f |", factor, mean, worst, late);
        assertThat(worst).isLessThanOrEqualTo(10);
        assertThat(late / LATER).isLessThan(0.005);
    }
}
