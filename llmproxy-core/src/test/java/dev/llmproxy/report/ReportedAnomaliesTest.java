package dev.llmproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.AnomalyMetric;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.report.Report.Anomaly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportedAnomaliesTest {
    private final FakeTicker ticker = new FakeTicker();
    private final LlmProxy proxy = LlmProxy.builder().ticker(ticker).build();

    @AfterEach
    void close() {
        proxy.close();
    }

    private void begins(String model, AnomalyMetric metric, double usual, double present) {
        proxy.emit(new LlmEvent.AnomalyDetected("east", model, true, metric, usual, present, 23));
    }

    private void ends(String model, AnomalyMetric metric) {
        proxy.emit(new LlmEvent.AnomalyEnded("east", model, true, metric, 1, Duration.ofMinutes(3), false));
    }

    @Test
    void whatGoesOnIsToldBeforeWhatIsOver() {
        begins("fast", AnomalyMetric.FIRST_TOKEN, 0.5, 1.25);
        begins("fast", AnomalyMetric.ERRORS, 0.01, 0.2);
        ticker.advance(Duration.ofMinutes(3));
        ends("fast", AnomalyMetric.FIRST_TOKEN);
        Report report = proxy.report();
        assertThat(report.anomalies())
                .extracting(Anomaly::metric)
                .containsExactly(AnomalyMetric.ERRORS, AnomalyMetric.FIRST_TOKEN);
        assertThat(report.anomalies().get(0).ended()).isEmpty();
        assertThat(report.anomalies().get(1).ended()).hasValue(report.at());
        assertThat(report.anomalies().get(1).told()).isEqualTo(report.since());
    }

    @Test
    void allFormsTellAnomaliesAndConditions(@TempDir Path directory) throws IOException {
        begins("fast", AnomalyMetric.FIRST_TOKEN, 0.5, 1.25);
        begins("fast", AnomalyMetric.ERRORS, 0.01, 0.2);
        Fault condition = Fault.builder(FaultCause.CONNECTION_CHURN)
                .where("api.example.com")
                .summary("connections are not reused")
                .build();
        proxy.emit(new LlmEvent.ConditionDetected(condition, 3));
        Report report = proxy.report();
        assertThat(report.toText())
                .contains(
                        "Anomalies\n  east fast  first token of streams\n        1.25 s instead of 500 ms, seen in 23 calls")
                .contains("errors of streams\n        20.0 % instead of 1.0 %")
                .contains("goes on")
                .contains("Conditions\n    3x  " + FaultCause.CONNECTION_CHURN.code());
        assertThat(report.toJson())
                .contains("\"metric\": \"first_token\"", "\"present\": 1.25", "\"conditions\": [")
                .contains(FaultCause.CONNECTION_CHURN.code());
        Path page = directory.resolve("report.html");
        report.writeHtml(page);
        assertThat(Files.readString(page)).contains("1.25 s instead of 500 ms", FaultCause.CONNECTION_CHURN.code());
    }

    @Test
    void theOldestMakesRoom() {
        for (int i = 0; i < 1_000; i++) {
            begins("model-" + i, AnomalyMetric.EMPTY, 0.01, 0.2);
        }
        assertThat(proxy.report().anomalies()).hasSize(128);
        for (int i = 0; i < 1_000; i++) {
            begins("model-" + i, AnomalyMetric.EMPTY, 0.01, 0.2);
            ends("model-" + i, AnomalyMetric.EMPTY);
        }
        assertThat(proxy.report().anomalies())
                .hasSize(128)
                .allMatch(anomaly -> anomaly.ended().isPresent());
        assertThat(proxy.report().anomalies().get(0).place()).isEqualTo("east model-999");
    }
}
