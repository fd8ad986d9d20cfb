package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.Rule.Severity;
import dev.llmproxy.fault.FaultCause;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RuleTest {
    @Test
    void idsAreTheNamesInWords() {
        assertThat(Rule.values())
                .allSatisfy(rule -> assertThat(rule.id()
                                .toUpperCase(Locale.ROOT)
                                .replace('.', '_')
                                .replace('-', '_'))
                        .isEqualTo(rule.name()));
        assertThat(Arrays.stream(Rule.values()).map(Rule::id)).doesNotHaveDuplicates();
    }

    @Test
    void errorsBecomeFailures() {
        assertThat(Rule.values())
                .filteredOn(rule -> rule.severity() == Severity.ERROR)
                .allSatisfy(
                        rule -> assertThat(rule.cause().kind()).isIn(FaultCause.Kind.FAILURE, FaultCause.Kind.EITHER));
    }
}
