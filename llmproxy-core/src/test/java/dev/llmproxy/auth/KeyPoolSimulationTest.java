package dev.llmproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.simulation.SimulationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class KeyPoolSimulationTest {
    private static final Retry THREE = Retry.attempts(3);

    private final List<String> lines = new ArrayList<>();

    @Test
    void aPoolKnowsWhichOfItsKeysAreGood() {
        lines.add(
                "Four calls a second for ten minutes, with three keys of which each could serve them all; but the first may");
        lines.add(
                "send 60 requests a minute (`retry-after` says until when), and the second is revoked after five minutes.");
        lines.add("");
        lines.add(
                "| keys | retries | calls failed | refused for the limit | refused as revoked | answered with the keys |");
        lines.add("|---|---|---|---|---|---|");
        line("the first only", "none", SimulatedKeys.choosing(this::first, LlmProxy.builder()));
        line(
                "the first only",
                "3 attempts",
                SimulatedKeys.choosing(this::first, LlmProxy.builder().retry(THREE)));
        line("in turn", "none", SimulatedKeys.choosing(this::inTurn, LlmProxy.builder()));
        line(
                "in turn",
                "3 attempts",
                SimulatedKeys.choosing(this::inTurn, LlmProxy.builder().retry(THREE)));
        line("a pool", "none", SimulatedKeys.pooled(LlmProxy.builder()));
        SimulatedKeys pool = SimulatedKeys.pooled(LlmProxy.builder().retry(THREE));
        line("a pool", "3 attempts", pool);
        assertThat(pool.failedShare()).isZero();
        assertThat(pool.limited()).isLessThanOrEqualTo(10);
        assertThat(pool.rejected()).isEqualTo(1);
        lines.add("");
        lines.add(
                "With a pool a key is refused once, and the next call knows; with retries no call notices. Each minute the first");
        lines.add("key is tried again, because then it is good again.");
        SimulationReport.assertSection("A pool of keys", String.join("\n", lines));
    }

    private String first(int call) {
        return SimulatedKeys.KEYS.get(0);
    }

    private String inTurn(int call) {
        return SimulatedKeys.KEYS.get(call % SimulatedKeys.KEYS.size());
    }

    private void line(String keys, String retries, SimulatedKeys run) {
        lines.add(String.format(
                Locale.ROOT,
                "| %s | %s | %.2f %% | %,d | %,d | %.0f, %.0f, %.0f %% |",
                keys,
                retries,
                100 * run.failedShare(),
                run.limited(),
                run.rejected(),
                100 * run.share(0),
                100 * run.share(1),
                100 * run.share(2)));
    }
}
