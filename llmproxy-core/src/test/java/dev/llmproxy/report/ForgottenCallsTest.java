package dev.llmproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.call.RequestFacts.Embedding;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A report remembers a thousand calls, and must not keep what they asked. */
class ForgottenCallsTest {
    private static final Fault FAULT =
            Fault.builder(FaultCause.PROVIDER_OVERLOADED).build();

    private final Recorder recorder = new Recorder(Ticker.system(), true);

    private static LlmRequest request() {
        RequestFacts facts = new RequestFacts(
                Optional.of("m"),
                false,
                OptionalLong.empty(),
                OptionalDouble.empty(),
                List.of("search", "write"),
                Embedding.none());
        return FakeTransport.chat().toBuilder().build().readBy((url, body) -> facts);
    }

    private static CallInfo call(LlmRequest request) {
        return new CallInfo("t-", 1, "openai-chat", request.url().origin(), request);
    }

    private void attemptFails(CallInfo call) {
        recorder.onEvent(new LlmEvent.ModelReplaced(call, 1, "east", "other"), 1);
        PhaseTimes times = PhaseTimes.of(new long[Phase.values().length]);
        recorder.onEvent(new LlmEvent.AttemptFailed(call, 1, "east", call.origin(), FAULT, times), 1);
    }

    private static void awaitCleared(WeakReference<?> reference) {
        for (int i = 0; i < 100 && reference.get() != null; i++) {
            System.gc();
        }
        assertThat(reference.get()).isNull();
    }

    // Nobody may ever close its answer: then it does not end, and lets go of nothing.
    @Test
    void anAttemptKeepsNoRequestOfACallThatDoesNotEnd() {
        WeakReference<LlmRequest> request = failed();
        awaitCleared(request);
        recorder.onEvent(new LlmEvent.CallFailed(call(request()), 1, "", FAULT, Duration.ZERO), 2);
        assertThat(recorder.report(List.of(), List.of()).calls())
                .singleElement()
                .satisfies(call -> assertThat(call.attempts()).singleElement().satisfies(attempt -> {
                    assertThat(attempt.call()).isEqualTo("t-1").isEqualTo(call.id());
                    assertThat(attempt.model()).isEqualTo("other");
                }));
    }

    private WeakReference<LlmRequest> failed() {
        LlmRequest request = request();
        attemptFails(call(request));
        return new WeakReference<>(request);
    }

    // A hundred tools have names of some kilobytes.
    @Test
    void aCallThatHasEndedKeepsNoFacts() {
        WeakReference<RequestFacts> facts = ended();
        awaitCleared(facts);
        assertThat(recorder.report(List.of(), List.of()).calls())
                .singleElement()
                .satisfies(call -> assertThat(call.model()).isEqualTo("m"));
    }

    private WeakReference<RequestFacts> ended() {
        CallInfo call = call(request());
        recorder.onEvent(new LlmEvent.CallFailed(call, 1, "", FAULT, Duration.ZERO), 2);
        RequestFacts facts = call.facts();
        call.release();
        return new WeakReference<>(facts);
    }
}
