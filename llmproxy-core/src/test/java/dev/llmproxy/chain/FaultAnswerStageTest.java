package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultAnswerStageTest {
    private final RecordingListener events = new RecordingListener();

    @AfterEach
    void everyCallEndsOnce() {
        events.assertBalanced();
    }

    private LlmResponse run(LlmRequest request, FakeTransport transport) throws IOException {
        try (LlmProxy proxy =
                LlmProxy.builder().faultsAsResponses().listener(events).build()) {
            return proxy.execute(request, CallOptions.none(), transport);
        }
    }

    private static FakeTransport failing(FaultCause cause) {
        return FakeTransport.answering((request, attempt) -> {
            throw new BrokenAnswerException("scripted", Fault.builder(cause).summary("what \"happened\""));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "PROVIDER_HUNG, 504",
        "REFUSED, 502",
        "TRUNCATED_SILENTLY, 502",
        "IN_BAND_ERROR, 502",
        "UNKNOWN, 502",
        "FILE_DESCRIPTORS, 502",
        "NO_DEPLOYMENT, 502",
        "OWN_LIMITS, 429",
        "RATE_LIMIT_TOKENS, 429",
        "KEY_MALFORMED, 401",
        "MALFORMED_JSON, 400"
    })
    void aFaultWithoutAResponseGetsOneThatFitsAndIsNotToBeRepeated(FaultCause cause, int status) throws IOException {
        try (LlmResponse response = run(FakeTransport.chat(), failing(cause))) {
            assertThat(response.code()).isEqualTo(status);
            assertThat(response.headers().get("X-LlmProxy-Fault")).hasValue(cause.code());
            assertThat(response.headers().get("X-Should-Retry")).hasValue("false");
            assertThat(response.headers().get("X-LlmProxy-Attempts")).hasValue("1");
            assertThat(response.body().readUtf8())
                    .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"llmproxy_")
                    .endsWith("\"code\":\"" + cause.code() + "\",\"message\":\"what \\\"happened\\\"\"}}");
        }
        assertThat(events.only(LlmEvent.CallFailed.class).fault().cause()).isEqualTo(cause);
    }

    @Test
    void aCallThatCannotBeginGetsAnAnswerToo() throws IOException {
        LlmRequest request = FakeTransport.chat().toBuilder()
                .header("X-LlmProxy-Retry", "maybe")
                .build();
        try (LlmResponse response = run(request, FakeTransport.answering())) {
            assertThat(response.code()).isEqualTo(400);
            assertThat(response.headers().get("X-LlmProxy-Attempts")).hasValue("0");
        }
        assertThat(events.only(LlmEvent.CallFailed.class).attempts()).isZero();
    }

    @Test
    void aCancelledCallStillThrows() {
        FakeTransport transport = new FakeTransport();
        transport.script((request, attempt) -> {
            transport.cancelByCaller();
            attempt.endedBy(Ending.byCaller());
            throw new IOException("Canceled");
        });
        assertThatThrownBy(() -> run(FakeTransport.chat(), transport)).isInstanceOf(LlmFaultException.class);
        events.only(LlmEvent.CallCancelled.class);
    }

    @Test
    void withoutTheSettingItThrows() {
        FakeTransport transport =
                FakeTransport.answering(FakeTransport.failingIn(Phase.CONNECT, new ConnectException("no")));
        try (LlmProxy proxy = LlmProxy.builder().listener(events).build()) {
            assertThatThrownBy(() -> proxy.execute(FakeTransport.chat(), CallOptions.none(), transport))
                    .isInstanceOf(LlmFaultException.class);
        }
    }
}
