package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page docs/metrics.md is the one that the table of meters makes. With {@code -Dpages.update=true} it is written instead. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");

    @Test
    void thePageIsTheCommittedOne() throws IOException {
        if (Boolean.getBoolean("pages.update")) {
            Files.writeString(PAGE, MetricsPage.text());
        }
        assertThat(Files.readString(PAGE))
                .as("after a change that is meant: -Dpages.update=true")
                .isEqualTo(MetricsPage.text());
    }
}
