package dev.llmproxy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.lab.Remedies.Mendable;
import dev.llmproxy.lab.Remedies.Mended;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RemediesTest {
    static List<Mendable> mendable() {
        return Mendables.all();
    }

    @ParameterizedTest
    @MethodSource("mendable")
    void theSettingThatIsAdvisedMendsTheFault(Mendable mendable) throws Exception {
        Mended mended = Remedies.mend(mendable, 17);
        if (mended.then().isPresent() || mended.setting().isEmpty()) {
            // A busy machine is late now and then; a setting that mends nothing does so again.
            mended = Remedies.mend(mendable, 18);
        }
        assertThat(mended.told().map(Fault::cause)).hasValue(mendable.cause());
        assertThat(mended.setting()).isNotEmpty();
        assertThat(mended.then()).as(mended.setting()).isEmpty();
    }
}
