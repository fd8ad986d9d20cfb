package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No key, no prompt and no body comes into a fault, wherever the answer has it. */
class RefusalSecretsTest {
    private static final String CANARY = "canary";

    private static void assertSilent(Fault fault) {
        assertThat(fault + fault.explain() + fault.evidence() + fault.remedies())
                .doesNotContainIgnoringCase(CANARY);
    }

    static Stream<StatusRulesTest.Row> rows() throws IOException {
        return StatusRulesTest.rows();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void noFieldThatIsNotReadIsShown(StatusRulesTest.Row row) {
        String body = row.body()
                .replaceFirst("\\{", "{\"prompt\":\"canary\",\"input\":\"canary\",\"failed_generation\":\"canary\",");
        RefusedCall call = RefusedCall.by(row.provider().split(" ", -1)[0])
                .header("set-cookie", "canary=1")
                .header("x-ratelimit-limit-canary", "5")
                .header("x-request-canary", "1")
                .header("date", "canary")
                .header("cf-ray", "canary canary")
                .header("www-authenticate", "Bearer realm=\"canary\"")
                .header("retry-after", "canary")
                .header("location", "https://canary@login.example/canary?next=canary#canary");
        assertSilent(call.with(row.status(), body).fault());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Incorrect API key provided: sk-proj-canary0123456789. You can find it elsewhere.",
                "Incorrect API key provided: tell me about my canary and what it ate. You can find it elsewhere.",
                "Invalid key AIzaSyCANARY0123456789abcdefghijklmnopq",
                "Bearer canary is not accepted",
                "token=canary",
                "Unknown user canary@example.com"
            })
    void noKeyOfAMessageIsShown(String message) {
        for (int status : new int[] {400, 401, 403, 404, 429, 500}) {
            assertSilent(RefusedCall.by("openai")
                    .with(status, "{\"error\":{\"message\":\"" + message + "\"}}")
                    .fault());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{'type': 'missing', 'loc': ('body', 'x'), 'msg': 'Field required', 'input': {'messages': 'canary'}}]",
                "1 validation error: input should be a string [type=string_type, input_value='canary', input_type=str]",
                "bad request 'body': {'prompt': 'canary'}",
                "failed_generation: canary",
            })
    void noRequestThatAMessageQuotesIsShown(String message) {
        assertSilent(RefusedCall.by("local")
                .with(400, "{\"error\":{\"message\":\"" + message + "\"}}")
                .fault());
    }

    @Test
    void theOwnerOfAnEchoedKeyIsNamedAndNoMoreOfIt() {
        Fault fault = RefusedCall.by("openai")
                .with(401, "{\"error\":{\"message\":\"Incorrect API key provided: gsk_canary0123456789.\"}}")
                .fault();
        assertThat(fault.cause()).isEqualTo(FaultCause.KEY_OF_OTHER_PROVIDER);
        assertThat(fault.summary()).contains("Groq");
        assertSilent(fault);
    }

    @Test
    void ofAnAnswerBehindARouterOnlyTheMessageIsShown() {
        String raw = "{\\\"prompt\\\":\\\"canary\\\",\\\"error\\\":{\\\"message\\\":\\\"Overloaded\\\"}}";
        Fault fault = RefusedCall.by("openrouter")
                .with(
                        502,
                        "{\"error\":{\"message\":\"Provider returned error\",\"code\":502,\"metadata\":{\"raw\":\""
                                + raw + "\"}}}")
                .fault();
        assertThat(fault.summary()).endsWith(": \"Provider returned error\": \"Overloaded\"");
        assertSilent(fault);
    }

    @Test
    void ofARedirectOnlyTheHostIsShown() {
        Fault fault = RefusedCall.by("openai")
                .header("location", "https://user:canary@login.example:8443/canary?token=canary")
                .with(302, "canary")
                .fault();
        assertThat(fault.evidence("redirects to")).contains("login.example");
        assertSilent(fault);
    }

    @Test
    void ofAPageOnlyTheTitleIsShown() {
        Fault fault = RefusedCall.by("openai")
                .with(503, "<html><head><title>Down</title></head><body>canary</body></html>")
                .fault();
        assertThat(fault.evidence("page title")).contains("Down");
        assertSilent(fault);
    }
}
