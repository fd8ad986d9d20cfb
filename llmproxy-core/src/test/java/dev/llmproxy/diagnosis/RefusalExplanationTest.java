package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a person reads: explanations.txt, to be reviewed whenever it changes. */
class RefusalExplanationTest {
    private static Map<String, RefusedCall> typicalRefusals() {
        Map<String, RefusedCall> calls = new LinkedHashMap<>();
        calls.put(
                "a wrong key",
                RefusedCall.by("openai")
                        .header("x-request-id", "req_7f1")
                        .with(
                                401,
                                "{\"error\":{\"message\":\"Incorrect API key provided: sk-proj-********7wQA. You can find"
                                        + " your API key at https://platform.openai.com/account/api-keys.\",\"type\":"
                                        + "\"invalid_request_error\",\"param\":null,\"code\":\"invalid_api_key\"}}"));
        calls.put(
                "an empty variable in place of a key",
                RefusedCall.by("openrouter")
                        .with(401, "{\"error\":{\"message\":\"Missing Authentication header\",\"code\":401}}"));
        calls.put(
                "another provider's key",
                RefusedCall.by("openai")
                        .with(
                                401,
                                "{\"error\":{\"message\":\"Incorrect API key provided: gsk_abcd***wxyz.\","
                                        + "\"code\":\"invalid_api_key\"}}"));
        calls.put(
                "tokens per minute",
                RefusedCall.by("openai")
                        .header("x-ratelimit-limit-tokens", "30000")
                        .header("x-ratelimit-remaining-tokens", "500")
                        .header("x-ratelimit-reset-tokens", "59s")
                        .with(
                                429,
                                "{\"error\":{\"message\":\"Rate limit reached for gpt-4o on tokens per min (TPM): Limit"
                                        + " 30000, Used 29500, Requested 1200. Please try again in 1.4s.\",\"type\":"
                                        + "\"tokens\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}"));
        calls.put(
                "more than the whole limit",
                RefusedCall.by("openai")
                        .with(
                                429,
                                "{\"error\":{\"message\":\"Request too large for gpt-4o on tokens per min (TPM): Limit"
                                        + " 30000, Requested 31538.\",\"type\":\"tokens\","
                                        + "\"code\":\"rate_limit_exceeded\"}}"));
        calls.put(
                "no credit",
                RefusedCall.by("anthropic")
                        .header("x-should-retry", "false")
                        .with(
                                400,
                                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit"
                                        + " balance is too low to access the Anthropic API. Please go to Plans & Billing"
                                        + " to upgrade or purchase credits.\"},\"request_id\":\"req_011CbrFTcX\"}"));
        calls.put(
                "a limit per day",
                RefusedCall.by("gemini")
                        .with(
                                429,
                                "{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, please check your"
                                        + " plan and billing details.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
                                        + "{\"violations\":[{\"quotaId\":\"GenerateRequestsPerDayPerProjectPerModel-"
                                        + "FreeTier\"}]},{\"retryDelay\":\"34s\"}]}}"));
        calls.put(
                "a prompt too long",
                RefusedCall.by("anthropic")
                        .with(
                                400,
                                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is"
                                        + " too long: 215000 tokens > 200000 maximum\"}}"));
        calls.put(
                "a slip in the model's name",
                RefusedCall.by("anthropic")
                        .with(
                                404,
                                "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"model:"
                                        + " claude-sonnet-4-5\"}}"));
        calls.put(
                "a base URL without /v1",
                RefusedCall.by("openai")
                        .with(404, "{\"error\":{\"message\":\"Invalid URL (POST /chat/completions)\"}}"));
        calls.put(
                "an overloaded provider",
                RefusedCall.by("anthropic")
                        .header("x-should-retry", "true")
                        .with(
                                529,
                                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"));
        calls.put(
                "a gateway that gave up",
                RefusedCall.by("openai")
                        .header("cf-ray", "8a0000000000000c-FRA")
                        .after(Duration.ofSeconds(100))
                        .with(
                                524,
                                "<!DOCTYPE html><html><head><title>api.openai.com | 524: A timeout occurred</title></head>"
                                        + "<body><div id=\"cf-error-details\"></div></body></html>"));
        calls.put(
                "a filter of the company",
                RefusedCall.by("openai")
                        .with(403, "<html><head><title>Zscaler</title></head><body>Blocked by Zscaler</body></html>"));
        calls.put(
                "a redirect",
                RefusedCall.by("openai")
                        .header("location", "https://login.hotel.example/?to=x")
                        .with(302, ""));
        calls.put("nothing known", RefusedCall.by("local").with(418, "{\"error\":\"short and stout\"}"));
        return calls;
    }

    @Test
    void explanationsAreTheReviewedOnes() throws IOException {
        StringBuilder text = new StringBuilder();
        typicalRefusals()
                .forEach((title, call) -> text.append("## ")
                        .append(title)
                        .append('\n')
                        .append(call.fault().explain())
                        .append('\n'));
        assertThat(text.toString()).isEqualTo(reviewed());
    }

    private static String reviewed() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(RefusalExplanationTest.class.getResourceAsStream("explanations.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
