package dev.llmproxy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.limit.SimulatedServers.Load;
import dev.llmproxy.simulation.SimulationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AdaptiveLimitSimulationTest {
    private static final int SEEDS = 10;
    private static final int MOST = 200;
    private static final int SERVERS = 20;
    private static final double CAPACITY = 400;
    private static final double TENTH = CAPACITY / 10;
    private static final double LLM_SERVERS = 32;
    private static final double LLM_SECONDS = 8 + 0.8 * Math.exp(0.5 * 0.5 / 2);

    private final List<String> lines = new ArrayList<>();

    /** What one limit has come to in all cases, as means of the seeds; the slowest of them for the steps. */
    private record Result(
            double overload,
            double refusedInVain,
            double brownOut,
            double down,
            double up,
            double refusedByProvider,
            double slots,
            double refusedStreams) {}

    @Test
    void theLimitFollowsWhatTheProviderCanDo() {
        lines.add(
                "How many calls at once a provider can do is found by the delay of first tokens and by what it refuses.");
        lines.add(
                "A provider with 20 servers in front of one queue, 25 ms and an exponential 25 more for each answer, so it");
        lines.add(
                "can do 400 calls a second; calls come at random, and what is above the limit is refused. An answer is good");
        lines.add("within 500 ms. Means of " + SEEDS + " seeds; of the steps the slowest:");
        lines.add("");
        lines.add("| limit | good of what it can do: 800 calls a second | refused in vain: 300 calls a second"
                + " | good with 2 servers: 80 calls a second | 600 calls a second, down to 2 servers: 90 % good after"
                + " | up to 20 again: after |");
        lines.add("|---|---|---|---|---|---|");
        Result none = line("none (1,000 at once)", () -> Algorithm.fixed(1_000));
        line("20 at once", () -> Algorithm.fixed(20));
        line("40 at once", () -> Algorithm.fixed(40));
        line("AIMD", () -> PublishedLimits.aimd(MOST));
        line("Vegas", () -> PublishedLimits.vegas(MOST));
        line("Vegas, windowed", () -> PublishedLimits.windowed(PublishedLimits.vegas(MOST)));
        line("Gradient2", () -> PublishedLimits.gradient2(MOST));
        line("Gradient2, windowed", () -> PublishedLimits.windowed(PublishedLimits.gradient2(MOST)));
        Result own = line("`Limits.adaptiveConcurrency(200)`", () -> Algorithm.own(MOST));
        lines.add("");
        lines.add(
                "A model that streams for 4 to 12 s, with the first token after 0.8 s (median, log-normal). One that has 32");
        lines.add(
                "places and refuses what is more, at 5 calls a second where it can do 3.6; and one that has room for all,");
        lines.add("at 2 calls a second:");
        lines.add("");
        lines.add("| limit | refused by the provider | places in use | with room for all: refused in vain |");
        lines.add("|---|---|---|---|");
        streams("none (1,000 at once)", none);
        streams("AIMD", result(() -> PublishedLimits.aimd(MOST)));
        streams("Vegas", result(() -> PublishedLimits.vegas(MOST)));
        streams("Gradient2", result(() -> PublishedLimits.gradient2(MOST)));
        streams("`Limits.adaptiveConcurrency(200)`", own);
        lines.add("");
        lines.add("The published ones are written down for this with the constants of Netflix concurrency-limits.");
        SimulationReport.assertSection("Adaptive limit", String.join("\n", lines));
        assertThat(own.overload).isGreaterThanOrEqualTo(0.99);
        assertThat(own.refusedInVain).isLessThanOrEqualTo(0.001);
        assertThat(own.brownOut).isGreaterThanOrEqualTo(0.97);
        assertThat(own.down).isLessThanOrEqualTo(3);
        assertThat(own.up).isLessThanOrEqualTo(3);
        assertThat(own.refusedByProvider).isLessThanOrEqualTo(0.02);
        assertThat(own.refusedStreams).isLessThanOrEqualTo(0.001);
    }

    private Result line(String name, Supplier<Algorithm> limit) {
        Result result = result(limit);
        lines.add(String.format(
                Locale.ROOT,
                "| %s | %.1f %% | %.2f %% | %.1f %% | %s | %s |",
                name,
                100 * result.overload,
                100 * result.refusedInVain,
                100 * result.brownOut,
                seconds(result.down),
                seconds(result.up)));
        return result;
    }

    private void streams(String name, Result result) {
        lines.add(String.format(
                Locale.ROOT,
                "| %s | %.1f %% | %.0f %% | %.2f %% |",
                name,
                100 * result.refusedByProvider,
                100 * result.slots,
                100 * result.refusedStreams));
    }

    private static String seconds(double seconds) {
        return Double.isInfinite(seconds) || seconds > 10
                ? "not within 10 s"
                : String.format(Locale.ROOT, "%.2f s", seconds);
    }

    private static Result result(Supplier<Algorithm> limit) {
        double overload = 0;
        double refused = 0;
        double brownOut = 0;
        double down = 0;
        double up = 0;
        double byProvider = 0;
        double slots = 0;
        double streams = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            overload += run(limit, new Load(800, t -> SERVERS, 3, 15), seed).goodPerSecond() / CAPACITY;
            refused += run(limit, new Load(300, t -> SERVERS, 3, 33), seed).refusedShare();
            brownOut += run(limit, new Load(80, t -> 2, 3, 33), seed).goodPerSecond() / TENTH;
            SimulatedServers steps = run(limit, new Load(600, t -> t < 10 || t >= 25 ? SERVERS : 2, 3, 40), seed);
            down = Math.max(down, steps.secondsUntil(10, 0.9 * TENTH));
            up = Math.max(up, steps.secondsUntil(25, 0.9 * CAPACITY));
            SimulatedServers refusing = run(limit, streaming(5, (int) LLM_SERVERS, 600, true), seed);
            byProvider += (double) refusing.dropped() / refusing.offered();
            slots += refusing.goodPerSecond() * LLM_SECONDS / LLM_SERVERS;
            streams += run(limit, streaming(2, MOST, 1_000, false), seed).refusedShare();
        }
        return new Result(
                overload / SEEDS,
                refused / SEEDS,
                brownOut / SEEDS,
                down,
                up,
                byProvider / SEEDS,
                slots / SEEDS,
                streams / SEEDS);
    }

    private static Load streaming(double callsPerSecond, int servers, double length, boolean refuses) {
        return new Load(callsPerSecond, t -> servers, 60, length).streaming(refuses);
    }

    private static SimulatedServers run(Supplier<Algorithm> limit, Load load, long seed) {
        return SimulatedServers.run(limit.get(), load, seed);
    }
}
