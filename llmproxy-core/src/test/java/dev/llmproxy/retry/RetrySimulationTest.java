package dev.llmproxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.simulation.SimulationReport;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RetrySimulationTest {
    private static final Duration OUTAGE = Duration.ofMinutes(5);
    private static final Duration MINUTE = Duration.ofMinutes(1);
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
        line("| calls a second | calls | requests sent | requests for one call | in the first minute |");
        line("|---|---|---|---|---|");
        for (double rate : new double[] {0.1, 0.2, 1, 2, 10, 20}) {
            total(rate);
        }
        line("");
        line(
                "A place starts with a twentieth of what the application sends in a minute, and gets one back for twenty calls that");
        line(
                "come to it: a tenth of the calls together, in an outage of a minute at one call a second, or of five minutes at one");
        line(
                "in five seconds. But three are there at the start, and one comes back every 100 s, however few calls there are; with");
        line(
                "still fewer that is more than a tenth, and a call once in 200 s is sent again as often as is set. It is the same after");
        line("a time without failures.");
        line("");
        line("Calls that go to twenty models in turn, each of which has a budget of its own, and all together one:");
        line("");
        line("| calls a second | calls to each | requests for one call | in the first minute |");
        line("|---|---|---|---|");
        for (double rate : new double[] {0.2, 1, 4, 20}) {
            ofManyModels(rate);
        }
        line("");
        line(
                "Two deployments, of which the first one is down. What is answered by the second one costs nothing of the budget, and after");
        line("four failures the first one is only looked at now and then:");
        line("");
        line("| the second one | after | calls a second | answered | requests for one call |");
        line("|---|---|---|---|---|");
        for (double rate : new double[] {0.2, 1, 10}) {
            failover(true, Duration.ZERO, rate);
            failover(false, Duration.ZERO, rate);
        }
        failover(true, Duration.ofSeconds(3), 1);
        failover(false, Duration.ofSeconds(3), 1);
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
        line("A provider that fails a part of what is sent, and twenty models that do:");
        line("");
        line(
                "| failing | at ten calls a second: answered | requests for one call | at one: answered | requests for one call | twenty models at one: answered | requests for one call |");
        line("|---|---|---|---|---|---|---|");
        for (double share : new double[] {0.01, 0.05, 0.1, 0.3}) {
            weak(share);
        }
        SimulationReport.assertSection("Retries in an outage", String.join("\n", lines));
    }

    private void total(double rate) {
        SimulatedOutage outage = outage().run(rate, OUTAGE);
        double first = outage().run(rate, MINUTE).amplification();
        line(
                "| %s | %,d | %,d | %.3f | %.3f |",
                plain(rate), outage.calls(), outage.sent(), outage.amplification(), first);
        if (rate >= 0.2) {
            assertThat(outage.amplification()).isLessThanOrEqualTo(MOST);
        }
        if (rate >= 1) {
            assertThat(first).isLessThanOrEqualTo(MOST);
        }
    }

    private void ofManyModels(double rate) {
        SimulatedOutage outage = outage().models(20).run(rate, OUTAGE);
        double first = outage().models(20).run(rate, MINUTE).amplification();
        line("| %s | %d | %.3f | %.3f |", plain(rate), outage.calls() / 20, outage.amplification(), first);
        assertThat(outage.amplification()).isBetween(1.01, MOST);
        if (rate >= 1) {
            assertThat(first).isLessThanOrEqualTo(MOST);
        }
    }

    private void failover(boolean answers, Duration after, double rate) {
        SimulatedOutage outage = outage().failingOver(answers, after).run(rate, OUTAGE);
        line(
                "| %s | %d s | %s | %.2f %% | %.3f |",
                answers ? "answers" : "is down, too",
                after.toSeconds(),
                plain(rate),
                100 * outage.answered(),
                outage.amplification());
        if (answers) {
            assertThat(outage.answered()).isEqualTo(1);
        } else {
            assertThat(outage.amplification()).isBetween(1.01, MOST);
        }
    }

    private static String plain(double rate) {
        return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
    }

    @Test
    void manyModelsAreRepeatedAsOftenAsOneWhereAFewCallsFail() {
        for (double rate : new double[] {1, 4, 20}) {
            for (double share : new double[] {0.02, 0.05}) {
                SimulatedOutage weak = outage().models(20).failing(share).run(rate, OUTAGE);
                assertThat(weak.answered()).as("%s at %s", share, rate).isGreaterThan(0.99);
            }
        }
    }

    @Test
    void anOutageOfAnApplicationThatWasRunningIsNotAmplifiedEither() {
        for (double rate : new double[] {0.2, 1, 4}) {
            SimulatedOutage outage = outage().after(Duration.ofMinutes(5)).run(rate, OUTAGE);
            assertThat(outage.amplification()).as("%s a second", rate).isBetween(1.01, MOST);
            SimulatedOutage many =
                    outage().models(20).after(Duration.ofMinutes(5)).run(rate, OUTAGE);
            assertThat(many.amplification()).as("20 models, %s a second", rate).isBetween(1.01, MOST);
        }
    }

    @Test
    void whileTheAnswersOfTheSecondDeploymentAreStillOnTheirWayNoCallFails() {
        Duration answering = Duration.ofSeconds(15);
        for (double rate : new double[] {1, 4}) {
            SimulatedOutage outage = outage().after(MINUTE).failingOver(true, answering);
            assertThat(outage.run(rate, OUTAGE).answered())
                    .as("%s a second", rate)
                    .isEqualTo(1);
            SimulatedOutage total = outage().after(MINUTE).failingOver(false, answering);
            assertThat(total.run(rate, OUTAGE).amplification())
                    .as("%s a second", rate)
                    .isBetween(1.01, MOST);
        }
    }

    @Test
    void whoeverCallsOnceInAWhileIsSentAgainAsOftenAsIsSet() {
        SimulatedOutage outage = outage().run(0.005, Duration.ofHours(3));
        assertThat(outage.calls()).isEqualTo(54);
        assertThat(outage.sent()).isEqualTo(3 * 54);
    }

    private void nested(String above, SimulatedOutage outage) {
        outage.run(10, OUTAGE);
        line("| %s | %.3f | %.3f |", above, outage.amplification(), outage.inAll());
        assertThat(outage.amplification()).isLessThanOrEqualTo(MOST);
    }

    private void weak(double share) {
        SimulatedOutage busy = outage().failing(share).run(10, OUTAGE);
        SimulatedOutage calm = outage().failing(share).run(1, OUTAGE);
        SimulatedOutage many = outage().models(20).failing(share).run(1, OUTAGE);
        line(
                "| %.0f %% | %.2f %% | %.3f | %.2f %% | %.3f | %.2f %% | %.3f |",
                100 * share,
                100 * busy.answered(),
                busy.amplification(),
                100 * calm.answered(),
                calm.amplification(),
                100 * many.answered(),
                many.amplification());
    }
}
