package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.simulation.SimulationReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class BalanceSimulationTest {
    private static final int SEEDS = 2;
    private static final String BALANCE = "`balance`";
    private static final String AFFINITY = "`balance(..).promptAffinity()`";

    private final List<String> lines = new ArrayList<>();

    private void line(String format, Object... values) {
        lines.add(String.format(Locale.ROOT, format, values));
    }

    private static Map<String, Function<SimulatedFleet, SimulatedPolicy>> policies() {
        Map<String, Function<SimulatedFleet, SimulatedPolicy>> all = new LinkedHashMap<>();
        all.put(BALANCE, time -> ours(time, from -> from.balance(first(), others())));
        all.put(
                AFFINITY,
                time -> ours(time, from -> from.balance(first(), others()).promptAffinity()));
        all.put("`roundRobin`", time -> ours(time, from -> from.roundRobin(first(), others())));
        all.put("round robin", time -> OtherPolicies.roundRobin());
        all.put("least requests", OtherPolicies::leastRequest);
        all.put("shuffle, cooldown", OtherPolicies::cooldown);
        all.put("round robin, breaker", OtherPolicies::breaker);
        return all;
    }

    private static SimulatedPolicy ours(SimulatedFleet time, Function<Route.From, Route> spread) {
        return new OurPolicy(time, spread);
    }

    private static Deployment first() {
        return OurPolicy.deployments()[0];
    }

    private static Deployment[] others() {
        Deployment[] all = OurPolicy.deployments();
        return Arrays.copyOfRange(all, 1, all.length);
    }

    /** What one policy made of one outage. */
    private record Row(double errors, double retried, double p50, double p95, double p99, double spread, double hits) {}

    private static Row row(SimulatedOutage outage, Function<SimulatedFleet, SimulatedPolicy> policy) {
        List<Double> seconds = new ArrayList<>();
        double spread = 0;
        double hits = 0;
        long failed = 0;
        long calls = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedFleet once = new SimulatedFleet(outage, 1, seed, policy).run();
            calls += once.all();
            failed += once.failed();
            once.calls().stream().filter(call -> !call.failed).forEach(call -> seconds.add(call.seconds()));
            spread += once.spread() / SEEDS;
            hits += once.hits() / SEEDS;
        }
        SimulatedFleet retried = new SimulatedFleet(outage, 3, 0, policy).run();
        seconds.sort(null);
        return new Row(
                (double) failed / calls,
                (double) retried.failed() / retried.all(),
                quantile(seconds, 0.5),
                quantile(seconds, 0.95),
                quantile(seconds, 0.99),
                spread,
                hits);
    }

    private static double quantile(List<Double> sorted, double part) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }

    @Test
    void whatFailsAndWhatIsSlowIsLeftAlone() {
        line(
                "Six deployments of one model, a fifth faster or slower than each other; 22 calls a second for seven minutes, each with one");
        line(
                "of 2,000 prompts. Half of the time to the first token is spared where a deployment has seen the prompt in the last five");
        line(
                "minutes. For two of the seven minutes something is wrong. Errors are those of all calls, each of which is sent once, or, in the");
        line(
                "second column, to up to three deployments; seconds are those of whole answers to calls that begin in the two minutes. The");
        line("first three rows are routes of this library, the others what is usual elsewhere. %d seeds.", SEEDS);
        Map<SimulatedOutage, Map<String, Row>> all = new EnumMap<>(SimulatedOutage.class);
        for (SimulatedOutage outage : SimulatedOutage.values()) {
            all.put(outage, table(outage));
        }
        SimulationReport.assertSection("Balancing in an outage", String.join("\n", lines));

        Row healthy = of(all, SimulatedOutage.NONE, BALANCE);
        Row worst = of(all, SimulatedOutage.FAST_AND_SLOW, BALANCE);
        assertThat(worst.errors).isLessThanOrEqualTo(0.002);
        assertThat(worst.p95).isLessThanOrEqualTo(1.3 * healthy.p95);
        for (SimulatedOutage outage : SimulatedOutage.values()) {
            if (outage != SimulatedOutage.ALL_BUSY) {
                assertThat(of(all, outage, BALANCE).errors).isLessThanOrEqualTo(0.005);
                assertThat(of(all, outage, BALANCE).retried).isZero();
            }
        }
        Row affine = of(all, SimulatedOutage.NONE, AFFINITY);
        assertThat(affine.hits).isGreaterThanOrEqualTo(0.65);
        assertThat(affine.spread).isLessThanOrEqualTo(1.3);
    }

    private static Row of(Map<SimulatedOutage, Map<String, Row>> all, SimulatedOutage outage, String name) {
        return Objects.requireNonNull(all.getOrDefault(outage, Map.of()).get(name), name);
    }

    private Map<String, Row> table(SimulatedOutage outage) {
        Map<String, Row> rows = new LinkedHashMap<>();
        line("");
        line("%s: %s.", outage.name().toLowerCase(Locale.ROOT).replace('_', ' '), outage.words);
        line("");
        line(
                "| way to choose | errors | with three attempts | half | 95 of 100 | 99 of 100 | busiest against mean | prompts seen before |");
        line("|---|---|---|---|---|---|---|---|");
        policies().forEach((name, policy) -> {
            Row row = row(outage, policy);
            rows.put(name, row);
            line(
                    "| %s | %.2f %% | %.2f %% | %.1f | %.1f | %.1f | %.2f | %.0f %% |",
                    name, 100 * row.errors, 100 * row.retried, row.p50, row.p95, row.p99, row.spread, 100 * row.hits);
        });
        return rows;
    }
}
