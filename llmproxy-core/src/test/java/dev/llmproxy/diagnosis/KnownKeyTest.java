package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a refused key means depends on whether it has worked. */
class KnownKeyTest {
    private static final String WRONG_KEY = "{\"error\":{\"message\":\"Incorrect API key provided\"}}";
    private static final String WRONG_TOKEN = "{\"error\":{\"message\":\"Invalid token\"}}";

    private static Fault lastFaultOf(FakeTransport.Answer... answers) throws IOException {
        List<Fault> faults = new ArrayList<>();
        try (LlmProxy proxy = LlmProxy.builder()
                .credentials(Credentials.bearer("https://api.openai.com/v1", ApiKey.of("sk-0123456789abcdef")))
                .onFault(faults::add)
                .build()) {
            FakeTransport transport = FakeTransport.answering(answers);
            for (int i = 0; i < answers.length; i++) {
                try (LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
                    response.body().readByteString();
                }
            }
        }
        return faults.get(faults.size() - 1);
    }

    @Test
    void aKeyThatNeverWorkedIsInvalid() throws IOException {
        Fault fault = lastFaultOf(FakeTransport.json(401, WRONG_KEY));
        assertThat(fault.cause()).isEqualTo(FaultCause.KEY_INVALID);
        assertThat(fault.evidence("worked before")).isEmpty();
    }

    @Test
    void aKeyThatWorkedIsRevoked() throws IOException {
        Fault fault = lastFaultOf(FakeTransport.ok(), FakeTransport.json(401, WRONG_KEY));
        assertThat(fault.cause()).isEqualTo(FaultCause.KEY_REVOKED);
        assertThat(fault.evidence("worked before")).isPresent();
    }

    @Test
    void aKeyThatFailedBeforeHasNotWorked() throws IOException {
        Fault fault = lastFaultOf(FakeTransport.json(500, "{}"), FakeTransport.json(401, WRONG_KEY));
        assertThat(fault.cause()).isEqualTo(FaultCause.KEY_INVALID);
    }

    @Test
    void aTokenThatWorkedHasRunOut() throws IOException {
        Fault fault = lastFaultOf(FakeTransport.ok(), FakeTransport.json(401, WRONG_TOKEN));
        assertThat(fault.cause()).isEqualTo(FaultCause.TOKEN_EXPIRED);
    }
}
