package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.Rule.Severity;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key whose owner is certain is not sent to another provider. */
class KeyOwnerTest {
    private static final String OPENAI = "https://api.openai.com/v1/chat/completions";

    private final RecordingListener events = new RecordingListener();
    private final FakeTransport transport = FakeTransport.answering(FakeTransport.ok());

    private void send(LlmProxy.Builder builder, String url, String... headers) throws IOException {
        LlmRequest request = FakeTransport.chat(url).toBuilder()
                .headers(LlmHeaders.of(headers))
                .build();
        try (LlmProxy proxy = builder.listener(events).build()) {
            proxy.execute(request, CallOptions.none(), transport).close();
        }
        events.assertBalanced();
    }

    private Fault refusal(LlmProxy.Builder builder, String url, String... headers) {
        Fault fault = catchThrowableOfType(LlmFaultException.class, () -> send(builder, url, headers))
                .fault();
        assertThat(transport.sent()).isEmpty();
        events.assertBalanced();
        return fault;
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/v1/chat/completions, Authorization, Bearer sk-ant-api03-canary",
        "https://api.openai.com/v1/responses,        Authorization, Bearer gsk_canary",
        "https://api.anthropic.com/v1/messages,      x-api-key,     sk-proj-canary",
        "https://api.groq.com/openai/v1/chat/completions, Authorization, Bearer xai-canary",
        "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent, x-goog-api-key, sk-or-v1-canary",
    })
    void theApplicationsOwnKeyOfAnotherProviderIsNotSent(String url, String header, String value) {
        Fault fault = refusal(LlmProxy.builder(), url, header, value);
        assertThat(fault.cause()).isEqualTo(FaultCause.KEY_OF_OTHER_PROVIDER);
        assertThat(fault.evidence("the key came from")).hasValue("the application's request");
        assertThat(fault.explain()).doesNotContain("canary");
    }

    @Test
    void aConfiguredKeyOfAnotherProviderIsNotSent() {
        Credentials slip = Credentials.bearer("https://api.openai.com/v1", ApiKey.of("sk-ant-api03-canary"));
        Fault fault = refusal(LlmProxy.builder().credentials(slip), OPENAI);
        assertThat(fault.cause()).isEqualTo(FaultCause.KEY_OF_OTHER_PROVIDER);
        assertThat(fault.evidence("the key came from")).hasValue("the proxy's credentials");
        assertThat(fault.explain()).contains("Anthropic", "OpenAI").doesNotContain("canary");
    }

    @Test
    void aKeyThatIsReplacedByTheRightOneDoesNotMatter() throws IOException {
        Credentials right = Credentials.bearer("https://api.openai.com/v1", ApiKey.of("sk-proj-right"));
        send(LlmProxy.builder().credentials(right), OPENAI, "Authorization", "Bearer sk-ant-placeholder");
        assertThat(transport.sent()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "https://relay.example/v1/chat/completions, Authorization, Bearer sk-ant-api03-canary",
        "https://openrouter.ai/api/v1/chat/completions, Authorization, Bearer sk-ant-api03-canary",
        "https://vm.westeurope.cloudapp.azure.com/v1/chat/completions, Authorization, Bearer sk-proj-canary",
        "https://api.openai.com/v1/chat/completions, Authorization, Bearer sk-0123456789",
        "https://api.openai.com/v1/chat/completions, Authorization, Bearer sk-proj-canary",
        "https://api.deepseek.com/chat/completions, Authorization, Bearer sk-0123456789",
    })
    void whereItIsNotCertainEveryKeyIsSent(String url, String header, String value) throws IOException {
        send(LlmProxy.builder(), url, header, value);
        assertThat(transport.sent()).hasSize(1);
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    @Test
    void aKeyBesideOneThatMayBeRightIsSent() throws IOException {
        send(LlmProxy.builder(), OPENAI, "Authorization", "Bearer sk-proj-right", "x-api-key", "sk-ant-other");
        assertThat(transport.sent()).hasSize(1);
    }

    @Test
    void openAiDoesNotReadXApiKey() throws IOException {
        send(LlmProxy.builder(), OPENAI, "x-api-key", "sk-0123456789");
        assertThat(events.only(LlmEvent.FindingDetected.class).detail())
                .isEqualTo("the key is in x-api-key (expected: Authorization)");
    }

    @Test
    void theRuleCanBeSwitchedToTelling() throws IOException {
        Integrity telling = Integrity.strict().severity(Rule.REQUEST_KEY, Severity.WARNING);
        send(LlmProxy.builder().integrity(telling), OPENAI, "Authorization", "Bearer sk-ant-api03-canary");
        assertThat(transport.sent()).hasSize(1);
        assertThat(events.only(LlmEvent.FindingDetected.class).detail())
                .isEqualTo("a key of Anthropic on its way to OpenAI");
    }
}
