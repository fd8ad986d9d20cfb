package dev.llmproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class GateTest {
    private final Gate gate = new Gate();

    @Test
    void letsAllGoOnAndLaterOnesPass() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start();
                RawClient first = RawClient.to(provider);
                RawClient second = RawClient.to(provider)) {
            provider.always(Reply.status(200).afterRequest().hold(gate));
            first.get("/");
            second.get("/");
            provider.takeRequest(RawClient.SOON);
            provider.takeRequest(RawClient.SOON);
            gate.open();
            gate.open();
            assertThat(first.readHead()).startsWith("HTTP/1.1 200");
            assertThat(second.readHead()).startsWith("HTTP/1.1 200");
            assertThat(second.get("/").readHead()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void saysThatNobodyCame() {
        assertThatThrownBy(() -> gate.awaitReached(Duration.ofMillis(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("no answer reached the gate within PT0.001S");
    }
}
