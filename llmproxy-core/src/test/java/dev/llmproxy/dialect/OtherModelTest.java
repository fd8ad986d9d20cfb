package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtherModelTest {
    private static Dialect dialectOf(LlmUrl url) {
        return Dialect.ofRequest(LlmRequest.builder("POST", url).build()).orElseThrow();
    }

    private static String renamed(String url, String model) {
        LlmUrl read = LlmUrl.of(url);
        return dialectOf(read).withModel(read, model).href();
    }

    @ParameterizedTest
    @CsvSource({
        "https://h.example/v1beta/models/a:generateContent?x=1, https://h.example/v1beta/models/b:generateContent?x=1",
        "https://h.example/v1beta/tunedModels/a:embedContent, https://h.example/v1beta/tunedModels/b:embedContent",
        "https://h.example/model/a/converse-stream, https://h.example/model/b/converse-stream",
        "https://h.example/model/arn%3Aaws%2Fx%2Fa/invoke, https://h.example/model/b/invoke",
        "https://h.example/openai/deployments/a/embeddings?api-version=1,"
                + " https://h.example/openai/deployments/b/embeddings?api-version=1",
        "https://h.example/v1/publishers/anthropic/models/a@2:streamRawPredict,"
                + " https://h.example/v1/publishers/anthropic/models/b:streamRawPredict",
    })
    void aUrlThatNamesAModelNamesAnother(String url, String expected) {
        assertThat(renamed(url, "b")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://h.example/v1/chat/completions",
                "https://own.openai.azure.com/openai/v1/chat/completions",
                "https://h.example/v1/messages",
                "https://h.example/api/chat",
                "https://h.example/v2/chat"
            })
    void whereTheBodyNamesTheModelTheUrlStaysAsItIs(String text) {
        LlmUrl url = LlmUrl.of(text);
        assertThat(dialectOf(url).withModel(url, "b")).isSameAs(url);
        assertThat(dialectOf(url).modelAt(url)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"b", "anthropic.claude-3-v1:0", "claude@2024", "a/b", "a b?c#d%e", "é€\ud83d\ude00", "..;x"})
    void whatWasPutInIsReadAgain(String model) {
        LlmUrl url = LlmUrl.of("https://h.example/model/a/converse");
        LlmUrl other = dialectOf(url).withModel(url, model);
        assertThat(dialectOf(other).modelAt(other)).hasValue(model);
        assertThat(LlmUrl.of(other.href()).path()).isEqualTo(other.path());
    }

    @Test
    void geminisEmbeddingsRepeatTheModel() {
        LlmUrl embeddings = LlmUrl.of("https://h.example/v1beta/models/a:batchEmbedContents");
        LlmUrl chat = LlmUrl.of("https://h.example/v1beta/models/a:generateContent");
        assertThat(dialectOf(embeddings).repeatsModel(embeddings)).isTrue();
        assertThat(dialectOf(chat).repeatsModel(chat)).isFalse();
    }
}
