package dev.llmproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.Signature;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
    private static final String CANARY = "q7Zk2mXw9Rt4Lp8v";
    private final RecordingListener events = new RecordingListener();

    private LlmRequest sent(Credentials credentials, LlmRequest request) throws IOException {
        FakeTransport transport = FakeTransport.answering(FakeTransport.ok());
        try (LlmProxy proxy = LlmProxy.builder()
                .integrity(Integrity.off())
                .credentials(credentials)
                .listener(events)
                .build()) {
            proxy.execute(request, CallOptions.none(), transport).close();
        }
        events.assertBalanced();
        return transport.sent().get(0);
    }

    private Fault refused(Credentials credentials) {
        FakeTransport transport = FakeTransport.answering();
        try (LlmProxy proxy =
                LlmProxy.builder().credentials(credentials).listener(events).build()) {
            proxy.execute(FakeTransport.chat(), CallOptions.none(), transport).close();
            throw new AssertionError("sent");
        } catch (IOException e) {
            assertThat(transport.sent()).isEmpty();
            assertThat(events.kinds()).endsWith("CallStarted", "FaultDetected", "CallFailed");
            return LlmFaultException.faultOf(e).orElseThrow();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "openai, https://api.openai.com/v1/chat/completions, Authorization, Bearer " + CANARY,
        "anthropic, https://api.anthropic.com/v1/messages, x-api-key, " + CANARY,
        "gemini, https://generativelanguage.googleapis.com/v1beta/models/m:generateContent, x-goog-api-key, " + CANARY,
        "azure, https://r.openai.azure.com/openai/deployments/d/chat/completions, api-key, " + CANARY
    })
    void everyProviderGetsItsKeyWhereItExpectsIt(String provider, String url, String header, String value)
            throws IOException {
        ApiKey key = ApiKey.of(CANARY);
        Credentials credentials = switch (provider) {
            case "openai" -> Credentials.openAi(key);
            case "anthropic" -> Credentials.anthropic(key);
            case "gemini" -> Credentials.gemini(key);
            default -> Credentials.azure("https://r.openai.azure.com", key);
        };
        LlmRequest request = FakeTransport.chat(url).toBuilder()
                .header("Authorization", "Bearer placeholder")
                .build();
        LlmRequest signed = sent(credentials, request);
        assertThat(signed.headers().get(header)).hasValue(value);
        assertThat(signed.headers().all("Authorization")).doesNotContain("Bearer placeholder");
        assertThat(signed.signature().map(Signature::origin)).hasValue(credentials.origin());
        assertThat(signed + credentials.toString() + key).doesNotContain(CANARY);
    }

    @Test
    void aKeyInTheQueryReplacesTheOneThereAndLeavesTheRestAlone() throws IOException {
        LlmRequest request = FakeTransport.chat("https://api.openai.com/v1/x?a=%20b&key=old&c=");
        LlmRequest signed =
                sent(Credentials.queryParameter("https://api.openai.com", "key", ApiKey.of("a+b/c=")), request);
        assertThat(signed.url().query()).hasValue("a=%20b&c=&key=a%2Bb%2Fc%3D");
    }

    @Test
    void anotherOriginPassesAsItIs() throws IOException {
        LlmRequest request = FakeTransport.chat("https://api.openai.com:8443/v1/chat/completions").toBuilder()
                .header("Authorization", "Bearer own")
                .build();
        LlmRequest passed = sent(Credentials.openAi(ApiKey.of(CANARY)), request);
        assertThat(passed.headers().get("Authorization")).hasValue("Bearer own");
        assertThat(passed.signature()).isEmpty();
    }

    @Test
    void aMissingKeyIsNamedByItsVariable() {
        Fault fault = refused(Credentials.openAi(ApiKey.env("LLMPROXY_TEST_NO_SUCH_VARIABLE")));
        assertThat(fault.cause()).isEqualTo(FaultCause.KEY_MISSING);
        assertThat(fault.remedies().get(0).action())
                .isEqualTo("set environment variable LLMPROXY_TEST_NO_SUCH_VARIABLE");
        assertThat(fault.mayHaveBilled()).isFalse();
    }

    @Test
    void aSourceThatThrowsIsNamedWithoutItsMessage() {
        Fault fault = refused(Credentials.openAi(ApiKey.from(() -> {
            throw new IllegalStateException("vault said " + CANARY);
        })));
        assertThat(fault.cause()).isEqualTo(FaultCause.CREDENTIAL_SOURCE);
        assertThat(fault.explain()).contains("java.lang.IllegalStateException").doesNotContain(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " %s",
                "%s ",
                "%s\n",
                "%s\r\n",
                "a %s",
                "\"%s\"",
                "'%s'",
                "Bearer %s",
                "bearer %s",
                "%s\u00e4",
                "%s\u200b",
                "%s\t",
                "${%s}",
                "{{%s}}",
                "<%s>",
                "%s..."
            })
    void aMalformedKeyIsRefusedByPositionAndLengthAndNeverShown(String form) {
        Fault fault = refused(Credentials.openAi(ApiKey.of(String.format(form, CANARY))));
        assertThat(fault.cause()).isEqualTo(FaultCause.KEY_MALFORMED);
        assertThat(fault.explain()).doesNotContain(CANARY);
        assertThat(events.events().toString()).doesNotContain(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"your-api-key", "YOUR_API_KEY", "sk-your-api-key-here", "changeme", "xxxxxxxx", "<key>", "key"})
    void aPlaceholderIsNoKey(String key) {
        assertThat(refused(Credentials.openAi(ApiKey.of(key))).summary()).contains("is a placeholder of");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-proj-abcDEF_123-456",
                "sk-ant-api03-AAAA-BBBB",
                "AIzaSyA-1234567890",
                "0123456789abcdef0123456789abcdef",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
                "local",
                "a+b/c=="
            })
    void keysAsProvidersGiveThemAreFine(String key) {
        assertThat(CredentialHeaders.problemOf(key).orElse(null)).isNull();
    }

    @Test
    void noCharacterThatBreaksAKeyIsShownInAnyMessage() {
        for (int c = 0; c <= 0xFFFF; c++) {
            String problem = CredentialHeaders.problemOf(CANARY + (char) c).orElse(null);
            boolean fine = c > ' ' && c <= '~' && "\"'`".indexOf(c) < 0;
            assertThat(problem == null).as("%04x", c).isEqualTo(fine);
            if (problem != null) {
                assertThat(problem).contains("at position 17 of 17").doesNotContain(CANARY.substring(0, 8));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://api.openai.com, PLAINTEXT_REFUSED",
        "http://10.0.0.1:8080, PLAINTEXT_REFUSED",
        "http://127.0.0.1.nip.example, PLAINTEXT_REFUSED"
    })
    void aKeyForPlainHttpOffThisMachineIsNotSent(String base, FaultCause cause) {
        FakeTransport transport = FakeTransport.answering();
        try (LlmProxy proxy = LlmProxy.builder()
                .credentials(Credentials.bearer(base, ApiKey.of(CANARY)))
                .build()) {
            assertThatThrownBy(() -> proxy.execute(FakeTransport.chat(base + "/v1"), CallOptions.none(), transport))
                    .satisfies(e -> assertThat(LlmFaultException.faultOf(e).map(Fault::cause))
                            .hasValue(cause));
        }
        assertThat(transport.sent()).isEmpty();
    }

    @Test
    void aSecondKeyForAnOriginIsRefused() {
        LlmProxy.Builder builder = LlmProxy.builder().credentials(Credentials.openAi(ApiKey.of("a")));
        assertThatThrownBy(
                        () -> builder.credentials(Credentials.bearer("https://API.openai.com:443/v2", ApiKey.of("b"))))
                .hasMessage("credentials: a second one for https://api.openai.com (expected: one for each origin)");
    }

    @Test
    void aBaseThatIsNoUrlAndANameThatIsNoHeaderAreRefusedAtOnce() {
        assertThatThrownBy(() -> Credentials.bearer("api.openai.com", ApiKey.of("a")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Credentials.header("https://a.example", "X Key", ApiKey.of("a")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Credentials.queryParameter("https://a.example", "k&y", ApiKey.of("a")))
                .hasMessage("query parameter: k&y (expected: a name that needs no encoding in a URL)");
    }
}
