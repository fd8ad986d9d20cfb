package dev.llmproxy.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FaultTest {
    private static Fault.Builder refused() {
        return Fault.builder(FaultCause.REFUSED)
                .confidence(0.95)
                .summary("nothing listens at http://127.0.0.1:1")
                .where("127.0.0.1 attempt 1");
    }

    @Test
    void explainsWhatHowItIsKnownAndWhatToDo() {
        Fault fault = refused()
                .evidence("phase", "CONNECT")
                .evidence("elapsed", "2 ms")
                .ruledOut("the network: the host answered, and said no")
                .remedy("check the port of the base URL")
                .remedy("allow more time", "Timeouts.connect(PT20S)")
                .build();
        assertThat(fault.explain()).isEqualTo("""
                connection.refused  nothing listens there  (127.0.0.1 attempt 1)
                  what     nothing listens at http://127.0.0.1:1
                  evidence phase = CONNECT; elapsed = 2 ms
                  cause    nothing listens there, network can change it (confidence 0.95)
                  not      the network: the host answered, and said no
                  do       1) check the port of the base URL
                           2) allow more time [Timeouts.connect(PT20S)]
                  more     docs/faults/connection.refused.md
                """);
    }

    @Test
    void theFirstLineIsShortAndStartsWithTheCode() {
        String first = refused()
                .where("x".repeat(300))
                .build()
                .explain()
                .lines()
                .findFirst()
                .orElseThrow();
        assertThat(first).startsWith("connection.refused  ").hasSizeLessThanOrEqualTo(100);
    }

    @Test
    void saysWhenTheAttemptMayHaveBeenBilled() {
        assertThat(refused().mayHaveBilled(true).build().explain()).contains("; this attempt may have been billed\n");
    }

    @Test
    void textFromOutsideStaysOnOneLineAndIsCut() {
        Fault fault = refused()
                .summary("a\r\nb\u001B[31mc\u2028d\u202Ee")
                .evidence("message", "x".repeat(1_000))
                .build();
        assertThat(fault.summary()).isEqualTo("a b [31mc d e");
        assertThat(fault.evidence("message").orElseThrow()).hasSize(300).endsWith("...");
        assertThat(fault.explain().chars()).noneMatch(c -> c != '\n' && Character.isISOControl(c));
    }

    @Test
    void readsItsCause() {
        Fault fault = refused().build();
        assertThat(fault.family()).isEqualTo(FaultFamily.CONNECTIVITY);
        assertThat(fault.blame()).isEqualTo(Blame.NETWORK);
        assertThat(fault.retryable()).isTrue();
        assertThat(Fault.builder(FaultCause.CANCELLED).build().retryable()).isFalse();
        assertThat(fault).hasToString("connection.refused: nothing listens at http://127.0.0.1:1");
    }

    @Test
    void refusesAConfidenceThatIsNone() {
        assertThatThrownBy(() -> refused().confidence(1.5).build()).hasMessage("confidence: 1.5 (expected: 0 to 1)");
        assertThatThrownBy(() -> refused().confidence(Double.NaN).build()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatTheProviderSaysOfARepeatCountsMoreThanTheTable() {
        assertThat(refused().build().retry()).isEqualTo(FaultCause.Retry.BACKOFF);
        assertThat(refused().shouldRetry(false).build().retryable()).isFalse();
        assertThat(Fault.builder(FaultCause.INVALID_REQUEST)
                        .shouldRetry(true)
                        .build()
                        .retry())
                .isEqualTo(FaultCause.Retry.BACKOFF);
        assertThat(Fault.builder(FaultCause.STALE_POOLED)
                        .shouldRetry(true)
                        .build()
                        .retry())
                .isEqualTo(FaultCause.Retry.ONCE);
    }

    @Test
    void aCopyHasEverything() {
        Fault fault = refused()
                .evidence("phase", "CONNECT")
                .ruledOut("the network")
                .remedy("check the port")
                .mayHaveBilled(true)
                .shouldRetry(false)
                .retryAfter(Duration.ofSeconds(3))
                .build();
        assertThat(fault.toBuilder().build()).isEqualTo(fault);
    }
}
