package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.Rule.Severity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaterFindingsTest {
    @Test
    void anAnswerThatIsNothingButWrongFillsNoMemory() {
        List<Rule> told = new ArrayList<>();
        LaterFindings later = new LaterFindings((rule, severity, detail) -> told.add(rule));
        for (int i = 0; i < 100_000; i++) {
            later.found(Rule.JSON_TRUNCATED, "in event " + i);
        }
        later.found(Rule.STREAM_INBAND_ERROR, "the one that counts");
        later.found(Rule.SHAPE_REQUIRED, Severity.WARNING, "a choice");
        later.found(Rule.SHAPE_REQUIRED, Severity.ERROR, "all choices");
        later.tell();
        assertThat(told).hasSizeLessThan(40).startsWith(Rule.JSON_TRUNCATED, Rule.JSON_TRUNCATED);
        assertThat(told).endsWith(Rule.STREAM_INBAND_ERROR, Rule.SHAPE_REQUIRED, Rule.SHAPE_REQUIRED);
        assertThat(later).hasToString("0 waiting");
    }
}
