package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.FaultCause;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages about faults tell readers to do makes that fault happen. */
class FaultScenesTest {
    static Set<FaultCause> causes() {
        return FaultScenes.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("causes")
    void theSceneOfACauseReproducesIt(FaultCause cause) throws Exception {
        FaultScene played = Objects.requireNonNull(FaultScenes.all().get(cause)).played();
        assertThat(played.told()).as(played.explained()).contains(cause);
    }
}
