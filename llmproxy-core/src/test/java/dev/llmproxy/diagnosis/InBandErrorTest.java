package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error within an answer of success means what it would have meant with the status that it deserved. */
class InBandErrorTest {
    private static Fault faultOf(String body) {
        FakeTransport transport = FakeTransport.answering(FakeTransport.json(200, body));
        try (LlmProxy proxy = LlmProxy.builder().build()) {
            LlmFaultException thrown = catchThrowableOfType(
                    LlmFaultException.class, () -> proxy.execute(FakeTransport.chat(), CallOptions.none(), transport));
            return thrown.fault();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "overloaded_error|Overloaded|PROVIDER_OVERLOADED",
                "rate_limit_error|slow|RATE_LIMIT_REQUESTS",
                "api_error|oops|SERVER_ERROR",
                "authentication_error|no|KEY_MISSING",
                "not_found_error|nothing|WRONG_ENDPOINT",
                "invalid_request_error|bad|INVALID_REQUEST",
                "insufficient_quota|You exceeded your quota|QUOTA_EXHAUSTED",
                "other|This model's maximum context length is 10 tokens|CONTEXT_LENGTH",
                "502|Provider returned error|BAD_GATEWAY",
                "rate_limited|Requests rate limit exceeded|RATE_LIMIT_REQUESTS",
                "modelStreamErrorException|try again|SERVER_ERROR",
                "other|hm|IN_BAND_ERROR",
            })
    void kindAndMessageDecide(String kind, String message, FaultCause expected) {
        assertThat(faultOf("{\"error\":{\"type\":\"" + kind + "\",\"message\":\"" + message + "\"}}")
                        .cause())
                .isEqualTo(expected);
    }

    @Test
    void aPageInPlaceOfAnAnswerIsAPage() {
        assertThat(faultOf("<html><title>Sign in</title></html>").cause()).isEqualTo(FaultCause.HTML_PAGE);
    }
}
