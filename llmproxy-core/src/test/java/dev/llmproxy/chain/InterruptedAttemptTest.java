package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JDK closes the socket under a virtual thread that is interrupted while it reads, and says so as of a broken one. */
class InterruptedAttemptTest {
    private final RecordingListener listener = new RecordingListener();

    @ParameterizedTest
    @CsvSource({"true, CANCELLED", "false, RESET_BEFORE_ANSWER"})
    void whatAnInterruptHasBrokenIsNotTheProvidersFault(boolean interrupted, FaultCause cause) throws IOException {
        FakeTransport transport = FakeTransport.answering((request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            throw new SocketException("Connection reset");
        });
        try (LlmProxy proxy = LlmProxy.builder().listener(listener).build()) {
            Throwable thrown = catchThrowable(() -> proxy.execute(FakeTransport.chat(), CallOptions.none(), transport));
            assertThat(Thread.interrupted()).isEqualTo(interrupted);
            assertThat(LlmFaultException.faultOf(thrown).orElseThrow().cause()).isEqualTo(cause);
        }
        listener.assertBalanced();
    }
}
