package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person has to do, with the values that the provider has told. */
class ComputedRemedyTest {
    private static Fault faultOf(int status, String message) {
        return RefusedCall.by("local")
                .with(status, "{\"error\":{\"message\":\"" + message + "\"}}")
                .fault();
    }

    private static String firstRemedy(Fault fault) {
        return fault.remedies().get(0).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt is too long: 215000 tokens > 200000 maximum|15,000",
                "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease it|10,000",
                "maximum context length is 8192 tokens. However, you requested 9100 tokens (8100 in the messages)|908",
                "maximum context length is 131072 tokens. However, you requested about 150000 tokens|18,928",
                "maximum context length is 4097 tokens. However, your messages resulted in 5000 tokens|903",
                "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).|151,424",
                "You passed 1015 input tokens. The context length is only 1024 tokens, resulting in a maximum input length of"
                        + " 1014 tokens.|1",
                "request (9035 tokens) exceeds the available context size (4096 tokens), try increasing it|4,939",
                "maximum prompt length is 131072 but the request contains 200000 tokens.|68,928",
                "Prompt contains 40000 tokens, too large for model with 32768 maximum context length|7,232",
                "`inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9000 `inputs` tokens|807",
                "Too many input tokens. Max input tokens: 8192, request input token count: 10000|1,808",
                "too many tokens: size limit exceeded by 25836 tokens.|25,836",
                "Input length (265330) exceeds model's maximum context length (262144).|3,186",
                "Input length 5000 exceeds the maximum allowed input length of 4096 tokens.|904",
                "The input (5000 tokens) is longer than the model's context length (4096 tokens).|904",
                "Prompt has 9000 tokens, but the configured context size is 8192 tokens|808",
                "prompt token count of 90000 exceeds the limit of 64000|26,000",
                "Your request exceeded model token limit: 262144 (requested: 301111)|38,967",
                "prompt too long; exceeded max context length by 1119046 tokens|1,119,046",
            })
    void saysByHowManyTokensToCut(String message, String tokens) {
        assertThat(firstRemedy(faultOf(400, message)))
                .isEqualTo("cut the prompt or max_tokens by at least " + tokens + " tokens");
    }

    @Test
    void saysWhatToDoAboutWhatIsNotThere() {
        assertThat(firstRemedy(faultOf(404, "Item with id 'x' not found."))).startsWith("send whole what");
    }

    @ParameterizedTest
    @CsvSource({
        "Input is too long for requested model.",
        "prompt is too long: 5 tokens > 200000 maximum",
    })
    void saysNoNumberWhereNoneFits(String message) {
        assertThat(firstRemedy(faultOf(400, message))).isEqualTo("cut the prompt, or lower max_tokens");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/chat/completions, did you mean /v1? The base URL lacks it",
        "https://api.openai.com/v1/v1/chat/completions, take one /v1 out of the base URL: the client adds its own",
    })
    void saysWhatIsWrongWithThePathThatWasCalled(String url, String remedy) {
        Fault fault = RefusedCall.at(LlmUrl.of(url)).with(404, "{}").fault();
        assertThat(fault.cause()).isEqualTo(FaultCause.WRONG_ENDPOINT);
        assertThat(firstRemedy(fault)).startsWith(remedy);
    }

    @Test
    void saysHowLongToWait() {
        Fault fault = RefusedCall.by("openai")
                .header("retry-after", "34")
                .with(429, "{}")
                .fault();
        assertThat(firstRemedy(fault)).isEqualTo("send the call again after 34 s");
    }

    @Test
    void doesNotSayToRepeatWhatTheProviderDoesNotWantAgain() {
        Fault fault = RefusedCall.by("openai")
                .header("x-should-retry", "false")
                .with(500, "")
                .fault();
        assertThat(firstRemedy(fault)).startsWith("do not send the same call again");
    }

    @Test
    void doesNotSayToStreamWhatIsStreamed() {
        Fault plain = RefusedCall.by("gemini")
                .after(Duration.ofMinutes(1))
                .with(504, "")
                .fault();
        Fault streamed = RefusedCall.by(
                        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent")
                .with(504, "")
                .fault();
        assertThat(plain.summary()).contains("after 60 s");
        assertThat(firstRemedy(plain)).startsWith("stream the answer");
        assertThat(firstRemedy(streamed)).doesNotContain("stream");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_tokens: 100000 > 64000, which is the maximum|set max_tokens to at most 64,000",
                "max_tokens is too large: 100000. This model supports at most 16384 tokens|set max_tokens to at most 16,384",
                "anthropic-version: header is required|send the header anthropic-version, such as 2023-06-01",
                "max_tokens must be at least 1, got -186.|look at how max_tokens is computed: below one, the prompt has"
                        + " left no room",
                "x does not support tools|use a model that can call tools, or leave the tools out",
            })
    void saysWhatToChangeInTheRequest(String message, String remedy) {
        assertThat(firstRemedy(faultOf(400, message))).isEqualTo(remedy);
    }

    @Test
    void namesTheHeaderThatIsMissing() {
        assertThat(firstRemedy(
                        RefusedCall.by("anthropic").withoutKey().with(401, "").fault()))
                .isEqualTo("send the key in x-api-key");
        assertThat(firstRemedy(
                        RefusedCall.by("azure").withoutKey().with(401, "").fault()))
                .isEqualTo("send the key in api-key");
        assertThat(firstRemedy(
                        RefusedCall.by("gemini").withoutKey().with(403, "").fault()))
                .isEqualTo("send the key in x-goog-api-key");
        assertThat(firstRemedy(RefusedCall.by("groq").withoutKey().with(401, "").fault()))
                .isEqualTo("send the key in Authorization: Bearer");
    }
}
