package dev.llmproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.report.Findings.Finding;
import dev.llmproxy.report.Report.FaultSummary;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static FaultSummary summary(FaultCause cause, String place, long count) {
        Fault fault = Fault.builder(cause).where(place).summary("it failed").build();
        return new FaultSummary(place, count, Instant.EPOCH, Instant.EPOCH, fault);
    }

    @Test
    void nothingToExplain() {
        assertThat(Findings.of(List.of()).headline()).isEqualTo("No failures");
    }

    @Test
    void oneCauseExplainsAll() {
        assertThat(Findings.of(List.of(summary(FaultCause.REFUSED, "east", 1))).headline())
                .isEqualTo("One cause explains all of 1 failure");
    }

    @Test
    void placesOfOneCauseAreOneFinding() {
        Findings findings = Findings.of(List.of(
                summary(FaultCause.REFUSED, "east", 50),
                summary(FaultCause.UNKNOWN, "east", 30),
                summary(FaultCause.REFUSED, "west", 20)));
        assertThat(findings.all()).extracting(Finding::cause).containsExactly(FaultCause.REFUSED, FaultCause.UNKNOWN);
        assertThat(findings.all().get(0).at()).extracting(FaultSummary::place).containsExactly("east", "west");
        assertThat(findings.share(findings.all().get(0))).isEqualTo(0.7);
    }

    @Test
    void theHeadlineNamesTheFewestCausesThatExplainNearlyAll() {
        Findings findings = Findings.of(List.of(
                summary(FaultCause.REFUSED, "east", 900),
                summary(FaultCause.UNKNOWN, "east", 70),
                summary(FaultCause.QUOTA_EXHAUSTED, "east", 30)));
        assertThat(findings.headline()).isEqualTo("Two causes explain 97 % of 1,000 failures");
    }

    @Test
    void whatIsNotAllIsNeverAHundredPercent() {
        assertThat(Findings.percent(0.9999)).isEqualTo("99 %");
        assertThat(Findings.percent(0.001)).isEqualTo("< 1 %");
        assertThat(Findings.percent(0)).isEqualTo("0 %");
    }
}
