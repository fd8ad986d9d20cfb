package dev.llmproxy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FaultCauseTest {
    @Test
    void isTheTableOfCausesColumnByColumn() throws IOException {
        assertThat(Arrays.stream(FaultCause.values()).map(FaultCauseTest::row).toList())
                .containsExactlyElementsOf(table());
    }

    private static List<String> table() throws IOException {
        try (InputStream in = FaultCauseTest.class.getResourceAsStream("/fault-causes.tsv")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().skip(1).toList();
        }
    }

    private static String row(FaultCause cause) {
        return String.join(
                "\t",
                cause.family().name(),
                cause.name(),
                cause.code(),
                word(cause.kind()),
                cause.blame().name(),
                word(cause.retry()),
                word(cause.billed()),
                cause.ejects() == FaultCause.Ejects.NOTHING ? "-" : word(cause.ejects()),
                cause.stale() ? "yes" : "no",
                cause.shared() ? "yes" : "no",
                cause.title());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Test
    void codesAreUnique() {
        assertThat(Arrays.stream(FaultCause.values()).map(FaultCause::code)).doesNotHaveDuplicates();
    }
}
