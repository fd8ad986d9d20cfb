package dev.llmproxy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulationReportTest {
    @Test
    void everySectionOfTheFileIsOneOfASimulationAndTheOtherWayRound() {
        assertThat(SimulationReport.sections().keySet()).containsExactlyElementsOf(SimulationReport.SECTIONS);
    }
}
