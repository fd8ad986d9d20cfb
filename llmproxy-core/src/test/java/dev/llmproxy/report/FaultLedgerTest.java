package dev.llmproxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.report.Findings.Finding;
import dev.llmproxy.report.Report.FaultSummary;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultLedgerTest {
    private final FaultLedger ledger = new FaultLedger();

    private void fail(FaultCause cause, double confidence, int models) {
        Fault fault = Fault.builder(cause).confidence(confidence).build();
        for (int i = 0; i < models; i++) {
            ledger.add(Place.of("", "llm.example", cause + "-" + i), fault, 1, Instant.EPOCH);
        }
    }

    @Test
    void eachCauseIsCountedForItselfHoweverManyModelsThereAre() {
        fail(FaultCause.REFUSED, 0.5, 2_000);
        fail(FaultCause.QUOTA_EXHAUSTED, 0.9, 1_000);
        List<FaultSummary> summaries = ledger.summaries();
        assertThat(Findings.of(summaries).all())
                .extracting(Finding::cause, Finding::count)
                .containsExactly(tuple(FaultCause.REFUSED, 2_000L), tuple(FaultCause.QUOTA_EXHAUSTED, 1_000L));
        assertThat(summaries).hasSize(256 + 2);
    }

    @Test
    void aClockThatIsSetBackTurnsNoTimesAround() {
        Instant noon = Instant.parse("2026-11-27T12:00:00Z");
        Fault fault = Fault.builder(FaultCause.REFUSED).build();
        Place place = Place.of("", "llm.example", "m");
        ledger.add(place, fault, 1, noon);
        ledger.add(place, fault, 1, noon.minusSeconds(3_600));
        assertThat(ledger.summaries())
                .singleElement()
                .satisfies(summary -> assertThat(summary.first())
                        .isEqualTo(noon.minusSeconds(3_600))
                        .isBefore(summary.last()));
    }
}
