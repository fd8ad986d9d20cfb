package dev.llmproxy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.lab.Remedies.Mendable;
import dev.llmproxy.lab.Remedies.Mended;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RemediesTest {
    static java.util.List<Mendable> mendable() {
        return Remedies.all();
    }

    @ParameterizedTest
    @MethodSource("mendable")
    void theSettingThatIsAdvisedMendsTheFault(Mendable mendable) {
        Mended mended = Remedies.mend(mendable, 17);
        assertThat(mended.told().map(Fault::cause)).hasValue(mendable.cause());
        assertThat(mended.setting()).startsWith("Timeouts.");
        assertThat(mended.then()).isEmpty();
    }
}
