package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Invalid key sk-abc123. | Invalid key sk-***.",
                "key 'sk-ant-api03-x_Y-z' | key 'sk-ant-***'",
                "api-key: ... | api-key: ***",
                "API key provided: . And abc. | API key provided: ***",
                "sk-or-v1-0123abcd | sk-or-v1-***",
                "provided: sk-or-v1*****. | provided: sk-or-v1***.",
                "Bearer tokenabc | Bearer ***",
                "(sk-proj-****abcd) | (sk-proj-***)",
                "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY | AIza***",
                "gsk_abcdefgh1 | gsk_***",
                "xai-abcdefgh1 | xai-***",
                "hf_abcdefgh1 | hf_***",
                "ya29.a0AfH6SMBx | ya29.***",
                "eyJhbGciOi.eyJzdWIi.sig-nature_ | eyJ***",
                "AKIAIOSFODNN7EXAMPLE | AKIA***",
                "Your api key: ****-key is invalid | Your api key: *** is invalid",
                "test-con****-key | ***",
                "Authorization: Bearer abc | Authorization: Bearer ***",
                "Bearer `abc` | Bearer `***`",
                "https://h/v1?key=abc&x=1 | https://h/v1?key=***&x=1",
                "invalid token: abc | invalid token: ***",
                "Incorrect API key provided: hunter2. You can find it | Incorrect API key provided: ***. You can find it",
                "Incorrect API key provided: write me a poem. You can | Incorrect API key provided: ***. You can",
                "Incorrect API key provided: write me a poem | Incorrect API key provided: ***",
                "0123456789abcdef0123 | ***",
                "abcdefghijklmnopqrs1 | ***",
                "01234567-89ab-cdef-0123 | ***",
                "dGhpcyBpcyBhIHNlY3JldCB0b2tlbg1 | ***",
                "123e4567-e89b-12d3-a456-426614174000 | ***",
                "user jane.doe@example.com is | user *** is",
            })
    void keysAreTakenOut(String text, String expected) {
        assertThat(Redaction.of(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "...",
                "The model `gpt-4o-mini-2024-07-18` does not exist.",
                "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                "meta-llama/Llama-3.3-70B-Instruct-Turbo and DeepSeek-R1-Distill-Qwen-32B",
                "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
                "unsupported_country_region_territory",
                "0123456789abcdef012 hf_abcdefg sk- AKIAIOS abcdefghijklmnopqrst 0123-4567-89ab-cdef-012",
                "prompt is too long: 3333404 tokens > 200000 maximum",
                "Limit 200000, Used 162960, Requested 42288. Please try again in 1.574s.",
                "See https://platform.openai.com/docs/assistants/tools/file-search#supported-files.",
                "Invalid bearer token. Missing bearer or basic authentication in header",
                "an Authorization header using Bearer auth, or Bearer authentication",
                "You didn't provide an API key. desk-top task risk-based",
                "Übergrößenträger überschreitet 20 Zeichen, 例えば日本語の長い文章もそのまま残る",
            })
    void plainTextStays(String text) {
        assertThat(Redaction.of(text)).isEqualTo(text);
    }

    @Test
    void redactingTwiceChangesNothing() {
        String once = Redaction.of("Bearer sk-ant-abc and 0123456789abcdef0123 at api key: x");

        assertThat(Redaction.of(once)).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "req-sk-proj-canary7f3a",
                "req_sk-ant-api03-canary7f",
                "trace:sk-0123456789abcdef0123",
                "id=eyJhbGciOiJIUzI1NiJ9aGVsbG8x",
                "a/github_pat_11ABCDEFG0"
            })
    void aKeyInsideOfAnIdIsNotShown(String id) {
        assertThat(Redaction.ofId(id)).isEqualTo("***");
        assertThat(Redaction.of("see " + id + " there")).doesNotContain("canary7f", "0123456789", "aGVsbG8", "11ABCDE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4o-mini-2024-07-18",
                "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
                "accounts/fireworks/models/llama-v3p1-70b-instruct",
                "@cf/meta/llama-3.1-8b-instruct",
                "ft:gpt-4o-mini-2024-07-18:acme:desk-bot:9aBcDeFg",
                "task-sk-learn-classifier",
                "pplx-embed-v1-0.6b"
            })
    void namesOfModelsStay(String name) {
        assertThat(Redaction.ofName(name)).isEqualTo(name);
    }

    @Test
    void idsStayUnlessTheyAreKeys() {
        assertThat(Redaction.ofId("req_011CbB4WdzfHtPX5AiG9trL4")).isEqualTo("req_011CbB4WdzfHtPX5AiG9trL4");
        assertThat(Redaction.ofId("sk-ant-abc")).isEqualTo("sk-ant-***");
        assertThat(Redaction.ofId("what the prompt says")).isEqualTo("***");
        assertThat(Redaction.ofId("x".repeat(300))).isEqualTo("***");
    }
}
