package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.okhttp.Doctor;
import dev.llmproxy.okhttp.doctor.Finding.Status;
import dev.llmproxy.testing.Reply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each provider lists its models at a place and in a form of its own. */
class ProvidersTest extends Practice {
    private void lists(String target, String list) {
        answer(request -> request.target().equals(target) ? Reply.json(200, list) : Reply.status(404));
    }

    private Doctor.Examination examine(Credentials credentials, String model) {
        try (LlmProxy proxy = LlmProxy.builder().build()) {
            return Doctor.examine(client, credentials, proxy, model);
        }
    }

    private static void assertFound(Doctor.Examination found) {
        assertStatus(Status.OK, "endpoint", found);
        assertStatus(Status.OK, "key", found);
        assertStatus(Status.OK, "model", found);
    }

    @Test
    void openAi() {
        lists("/v1/models", Lists.OPENAI);
        assertFound(examine(Credentials.bearer(provider.url("/v1"), ApiKey.of(KEY)), "gpt-4o"));
    }

    @Test
    void anthropic() throws InterruptedException {
        lists("/v1/models?limit=1000", Lists.ANTHROPIC);
        assertFound(
                examine(Credentials.header(provider.url(), "x-api-key", ApiKey.of(KEY)), "claude-sonnet-4-20250514"));
        assertThat(provider.requests().get(0).header("anthropic-version")).hasValue("2023-06-01");
    }

    @Test
    void gemini() {
        lists("/v1beta/models?pageSize=1000", Lists.GEMINI);
        assertFound(examine(Credentials.header(provider.url(), "x-goog-api-key", ApiKey.of(KEY)), "gemini-2.5-flash"));
    }

    @Test
    void ollama() {
        lists("/api/tags", Lists.OLLAMA);
        assertFound(examine(Credentials.bearer(provider.url("/api"), ApiKey.of(KEY)), "llama3.2"));
    }

    @Test
    void mistralAndItsAliases() {
        lists("/v1/models", Lists.MISTRAL);
        assertFound(examine(Credentials.bearer(provider.url("/v1"), ApiKey.of(KEY)), "mistral-large-latest"));
    }

    @Test
    void togetherWithItsBareArray() {
        lists("/v1/models", Lists.TOGETHER);
        assertFound(examine(
                Credentials.bearer(provider.url("/v1"), ApiKey.of(KEY)), "meta-llama/Llama-3.3-70B-Instruct-Turbo"));
    }

    @Test
    void azureListsModelsAndNotDeployments() {
        lists("/openai/models?api-version=2024-10-21", Lists.OPENAI);
        Doctor.Examination found =
                examine(Credentials.header(provider.url(), "api-key", ApiKey.of(KEY)), "my-deployment");
        assertStatus(Status.OK, "endpoint", found);
        assertStatus(Status.SKIP, "model", found);
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/v1,                         https://api.openai.com/v1/models",
        "https://api.anthropic.com,                         https://api.anthropic.com/v1/models?limit=1000",
        "https://api.anthropic.com/v1,                      https://api.anthropic.com/v1/models?limit=1000",
        "https://generativelanguage.googleapis.com,         https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000",
        "https://generativelanguage.googleapis.com/v1beta/openai/, https://generativelanguage.googleapis.com/v1beta/openai/models",
        "https://api.cohere.com/v2,                         https://api.cohere.com/v1/models?page_size=1000",
        "https://api.cohere.com/compatibility/v1,           https://api.cohere.com/compatibility/v1/models",
        "https://my.openai.azure.com/openai/v1/,            https://my.openai.azure.com/openai/v1/models",
        "https://my.openai.azure.com,                       https://my.openai.azure.com/openai/models?api-version=2024-10-21",
        "http://localhost:11434,                            http://localhost:11434/api/tags",
        "http://localhost:11434/v1,                         http://localhost:11434/v1/models",
        "https://api.groq.com/openai/v1,                    https://api.groq.com/openai/v1/models",
        "https://openrouter.ai/api/v1,                      https://openrouter.ai/api/v1/models",
        "https://api.mistral.ai/v1,                         https://api.mistral.ai/v1/models",
    })
    void theListIsWhereTheProviderHasIt(String base, String list) {
        assertThat(Api.of(LlmUrl.of(base), "").list()).hasValue(list);
    }

    @Test
    void bedrockListsNoneThere() {
        assertThat(Api.of(LlmUrl.of("https://bedrock-runtime.us-east-1.amazonaws.com"), "Authorization")
                        .list())
                .isEqualTo(Optional.empty());
    }

    @Test
    void aListOfCohereIsRead() {
        assertThat(ModelList.read(Lists.COHERE).orElseThrow())
                .isEqualTo(new ModelList(List.of("command-a-03-2025"), true));
    }
}
