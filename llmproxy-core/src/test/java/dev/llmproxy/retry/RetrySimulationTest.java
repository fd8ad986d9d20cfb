package dev.llmproxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.simulation.SimulationReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RetrySimulationTest {
    private static final Duration OUTAGE = Duration.ofMinutes(5);
    private static final double MOST = 1.1;

    private final List<String> lines = new ArrayList<>();

    private void line(String format, Object... values) {
        lines.add(String.format(Locale.ROOT, format, values));
    }

    private static SimulatedOutage outage() {
        return new SimulatedOutage(Retry.attempts(3), 1);
    }

    @Test
    void anOutageIsNotAmplified() {
        line(
                "A provider refuses everything for five minutes; `Retry.attempts(3)`, of which an application without a budget");
        line("would make 3.00 requests a call.");
        line("");
        line("| calls | calls a second | requests sent | requests for one call |");
        line("|---|---|---|---|");
        for (double rate : new double[] {1, 2, 10, 20}) {
            total(rate);
        }
        line("");
        line(
                "Ten repeats are there at the start and six a minute come back, however few calls there are: at rates below two a");
        line("second that is more than a tenth.");
        line("");
        line("With another layer of three attempts above (ten calls a second), which would multiply to 9.00:");
        line("");
        line("| layer above | for one call that reaches llmproxy | for one call of the application |");
        line("|---|---|---|");
        nested("none", outage());
        nested("reads `X-Should-Retry`, refusals", outage().nestedIn(3, true));
        nested("does not read it, refusals", outage().nestedIn(3, false));
        nested(
                "nothing listens, so that no response can say anything",
                outage().nestedIn(3, true).withoutResponses());
        line("");
        line("A provider that fails a part of what is sent, at ten calls a second:");
        line("");
        line("| failing | answered | requests for one call |");
        line("|---|---|---|");
        for (double share : new double[] {0.01, 0.05, 0.1, 0.3}) {
            weak(share);
        }
        SimulationReport.assertSection("Retries in an outage", String.join("\n", lines));
    }

    private void total(double rate) {
        SimulatedOutage outage = outage().run(rate, OUTAGE);
        line("| %,d | %.1f | %,d | %.3f |", outage.calls(), rate, outage.sent(), outage.amplification());
        if (rate >= 2) {
            assertThat(outage.amplification()).isLessThanOrEqualTo(MOST);
        }
    }

    private void nested(String above, SimulatedOutage outage) {
        outage.run(10, OUTAGE);
        line("| %s | %.3f | %.3f |", above, outage.amplification(), outage.inAll());
        assertThat(outage.amplification()).isLessThanOrEqualTo(MOST);
    }

    private void weak(double share) {
        SimulatedOutage outage = outage().failing(share).run(10, OUTAGE);
        line("| %.0f %% | %.2f %% | %.3f |", 100 * share, 100 * outage.answered(), outage.amplification());
    }
}
