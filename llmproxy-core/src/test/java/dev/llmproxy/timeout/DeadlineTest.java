package dev.llmproxy.timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.retry.Retry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines from no time at all to all the time there is. */
class DeadlineTest {
    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final LlmProxy proxy = LlmProxy.builder()
            .retry(Retry.attempts(3))
            .listener(events)
            .ticker(ticker)
            .build();

    @AfterEach
    void everyCallHasEnded() {
        proxy.close();
        events.assertBalanced();
    }

    private LlmResponse call(LlmRequest request, CallOptions options, FakeTransport.Answer... answers)
            throws IOException {
        return proxy.execute(request, options, FakeTransport.answering(answers));
    }

    private static LlmRequest chatWithin(String deadline) {
        return FakeTransport.chat().toBuilder()
                .header("X-LlmProxy-Deadline", deadline)
                .build();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE / 1_000_000_000, 1_000_000_000_000L})
    void aDeadlineThatNobodyLivesToSeeIsNone(long seconds) throws IOException {
        CallOptions options = CallOptions.none().deadline(Duration.ofSeconds(seconds));
        call(FakeTransport.chat(), options, FakeTransport.json(503, "{}"), FakeTransport.ok())
                .close();
        assertThat(events.kinds()).endsWith("CallSucceeded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999h", "999999999m", "999999999s"})
    void aHeaderThatAsksForAllTheTimeThereIsAsksForNoDeadline(String header) throws IOException {
        call(chatWithin(header), CallOptions.none(), FakeTransport.json(503, "{}"), FakeTransport.ok())
                .close();
        assertThat(events.kinds()).endsWith("CallSucceeded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0ms", "0s", "-1ms", "-5s", "1e9s", "NaN", "", "1ms2s", "99999999999999999999h", "1 s"})
    void aHeaderThatIsNoTimeIsRefusedBeforeAnythingIsSent(String header) {
        assertThatThrownBy(() -> call(chatWithin(header), CallOptions.none()))
                .satisfies(
                        thrown -> assertThat(LlmFaultException.faultOf(thrown).map(Fault::cause))
                                .contains(FaultCause.BAD_HEADER));
    }

    @Test
    void whatWasRefusedAfterTheDeadlineIsNotSentAgain() throws IOException {
        FakeTransport.Answer slow = (request, attempt) -> {
            ticker.advance(Duration.ofMillis(2));
            return FakeTransport.json(503, "{}").to(request, attempt);
        };
        CallOptions options = CallOptions.none().deadline(Duration.ofMillis(1));
        try (LlmResponse refused = call(FakeTransport.chat(), options, slow)) {
            assertThat(refused.headers().get("X-Should-Retry")).contains("false");
        }
        assertThat(events.only(LlmEvent.RetryRefused.class).why()).isEqualTo(LlmEvent.RetryRefused.Why.DEADLINE);
    }

    @Test
    void aNanosecondIsEnoughForWhatTakesNone() throws IOException {
        CallOptions options = CallOptions.none().deadline(Duration.ofNanos(1));
        call(FakeTransport.chat(), options, FakeTransport.ok()).close();
        assertThat(events.kinds()).endsWith("CallSucceeded");
    }
}
