package dev.llmproxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.simulation.SimulationReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HedgingSimulationTest {
    private static final int LEARNING = 300;
    private static final int CALLS = 5_000;
    private static final int SEEDS = 3;
    private static final double STRAGGLERS = 0.03;
    private static final Retry PLAIN = Retry.attempts(3);
    private static final Retry HEDGED = Retry.attempts(3).hedgeStreams(0.05);

    private final List<String> lines = new ArrayList<>();

    private void line(String format, Object... values) {
        lines.add(String.format(Locale.ROOT, format, values));
    }

    /** What one setting made of the calls. Never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Outcome(double[] seconds, double hedged, double first) {
        double quantile(double part) {
            return seconds[(int) Math.ceil(part * seconds.length) - 1];
        }
    }

    @Test
    void theLateOnesBecomeFewerForAFewMorePrompts() {
        line(
                "Streamed calls, one each second; the first token comes after 0.6 s (median), log-normal. Of a hundred calls three");
        line(
                "take 3 to 10 times as long: half of them because of their prompt, so that a second attempt is as slow, half of them");
        line(
                "by bad luck. After %d calls of learning, %,d calls of each of %d seeds; seconds until the first token:",
                LEARNING, CALLS, SEEDS);
        line("");
        line("| setting | half | 95 of 100 | 99 of 100 | 999 of 1000 | sent twice | of these the second was first |");
        line("|---|---|---|---|---|---|---|");
        Outcome plain = row("`Retry.attempts(3)`", PLAIN);
        Outcome hedged = row("`Retry.attempts(3).hedgeStreams(0.05)`", HEDGED);
        line("");
        line(
                "What was sent twice costs its prompt twice, and of the answer what the provider had begun when it was cancelled.");
        SimulationReport.assertSection("Hedging", String.join("\n", lines));
        assertThat(hedged.hedged).isLessThanOrEqualTo(0.05);
        assertThat(hedged.quantile(0.99)).isLessThan(plain.quantile(0.99));
        assertThat(hedged.quantile(0.95)).isLessThanOrEqualTo(plain.quantile(0.95));
    }

    private Outcome row(String name, Retry retry) {
        double[] all = new double[SEEDS * CALLS];
        double hedges = 0;
        double first = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Retry.Counts counts = run(retry, seed, all, seed * CALLS);
            hedges += counts.hedges();
            first += counts.hedgesFirst();
        }
        Arrays.sort(all);
        Outcome outcome = new Outcome(all, hedges / (SEEDS * (CALLS + LEARNING)), first / Math.max(1, hedges));
        line(
                "| %s | %.2f | %.2f | %.2f | %.2f | %.1f %% | %s |",
                name,
                outcome.quantile(0.5),
                outcome.quantile(0.95),
                outcome.quantile(0.99),
                outcome.quantile(0.999),
                100 * outcome.hedged,
                hedges == 0 ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * outcome.first));
        return outcome;
    }

    private static Retry.Counts run(Retry retry, int seed, double[] seconds, int from) {
        SimulatedStreams streams = new SimulatedStreams(retry);
        Random random = new Random(seed);
        List<SimulatedStreams.Call> calls = new ArrayList<>();
        for (int i = 0; i < LEARNING + CALLS; i++) {
            SimulatedStreams.Call call = call(streams, random);
            calls.add(call);
            streams.at(i, call);
        }
        streams.time.run();
        streams.events.assertBalanced();
        for (int i = 0; i < CALLS; i++) {
            seconds[from + i] = calls.get(LEARNING + i).tookNanos / 1e9;
        }
        return streams.counts();
    }

    private static SimulatedStreams.Call call(SimulatedStreams streams, Random random) {
        boolean isSlowPrompt = random.nextDouble() < STRAGGLERS / 2;
        double factor = 3 + 7 * random.nextDouble();
        return streams.new Call(stream(random, isSlowPrompt, factor), stream(random, isSlowPrompt, factor));
    }

    private static SimulatedStreams.Late stream(Random random, boolean isSlowPrompt, double factor) {
        double usual = 600 * StrictMath.exp(0.4 * random.nextGaussian());
        boolean isUnlucky = random.nextDouble() < STRAGGLERS / 2;
        return SimulatedStreams.stream(Math.round(isSlowPrompt || isUnlucky ? factor * usual : usual), "x");
    }
}
