package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndingTest {
    /** Is cancelled by a timer while somebody asks who has cancelled it. */
    private static final class CancelledTransport implements Transport {
        private Optional<Attempt> sent = Optional.empty();

        @Override
        public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
            sent = Optional.of(attempt);
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            throw new IOException("Canceled");
        }

        @Override
        public Optional<Ending> ending() {
            sent.ifPresent(attempt -> attempt.endedBy(Ending.byTimer(Budget.FIRST_BYTE, 1_000_000)));
            return Optional.of(Ending.byCaller());
        }
    }

    @Test
    void aTimerThatCancelsIsNotTakenForTheApplication() {
        List<Fault> faults = new ArrayList<>();
        try (LlmProxy proxy = LlmProxy.builder()
                        .ticker(new FakeTicker())
                        .onFault(faults::add)
                        .build();
                LlmResponse response =
                        proxy.execute(FakeTransport.chat(), CallOptions.none(), new CancelledTransport())) {
            throw new AssertionError(response);
        } catch (IOException e) {
            assertThat(faults)
                    .singleElement()
                    .satisfies(fault -> assertThat(fault.cause()).isEqualTo(FaultCause.PROVIDER_HUNG));
        }
    }
}
