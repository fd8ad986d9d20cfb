package dev.llmproxy.micrometer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.llmproxy.fake.FakeTransport;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromtoolTest {
    private static final Path TESTS = Path.of("prometheus/llmproxy.rules.test.yml");
    private static final Path SLOW_TESTS = Path.of("prometheus/llmproxy.rules.slow.test.yml");

    @TempDir
    Path directory;

    @BeforeEach
    void isThere() {
        assumeTrue(Files.isExecutable(Prometheus.TOOL), Prometheus.MISSING);
    }

    private void passes(Path input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Prometheus.TOOL.toString()));
        command.addAll(List.of(arguments));
        Process tool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(input.toFile())
                .start();
        String said = new String(tool.getInputStream().readAllBytes(), UTF_8);
        assertThat(tool.waitFor()).as(said).isZero();
    }

    @Test
    void theRulesAreRules() throws Exception {
        passes(Prometheus.RULES, "check", "rules", Prometheus.RULES.toString());
    }

    @Test
    void theRulesPassTheirTests() throws Exception {
        passes(TESTS, "test", "rules", TESTS.toString(), SLOW_TESTS.toString());
    }

    @Test
    void everyAlertIsTested() throws Exception {
        String tests = Files.readString(TESTS) + Files.readString(SLOW_TESTS);
        assertThat(Files.readString(Prometheus.RULES).lines().filter(line -> line.contains("- alert: ")))
                .isNotEmpty()
                .allMatch(line -> tests.contains("alertname: " + line.substring(line.indexOf(": ") + 2)));
    }

    @Test
    void theSampleIsASetting() throws Exception {
        passes(Prometheus.RULES, "check", "config", "prometheus/prometheus.yml");
    }

    @Test
    void nothingIsWrongWithTheMetrics() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Measured app = Measured.proxy(LlmMetrics.on(registry), registry, settings -> settings)) {
            app.call(FakeTransport.streamedChat(), app.streamOf(3, Duration.ofMillis(5)));
        }
        Path page = Files.writeString(directory.resolve("metrics"), registry.scrape());
        passes(page, "check", "metrics");
    }
}
