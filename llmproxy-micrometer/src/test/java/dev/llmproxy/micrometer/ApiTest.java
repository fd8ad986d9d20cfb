package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiTest {
    @ParameterizedTest
    @CsvSource({
        "api.openai.com, openai-responses, openai",
        "api.anthropic.com, anthropic, anthropic",
        "api.groq.com, openai-chat, groq",
        "api.x.ai, openai-chat, x_ai",
        "api.mistral.ai, openai-chat, mistral_ai",
        "my.openai.azure.com, azure-openai, azure.ai.openai",
        "my.services.ai.azure.com, openai-chat, azure.ai.inference",
        "bedrock-runtime.us-east-1.amazonaws.com, bedrock, aws.bedrock",
        "generativelanguage.googleapis.com, gemini, gcp.gemini",
        "generativelanguage.googleapis.com, openai-chat, gcp.gemini",
        "my.openai.azure.com, openai-chat, azure.ai.openai",
        "api.moonshot.cn, openai-chat, moonshot_ai",
        "us-south.ml.cloud.ibm.com, openai-chat, ibm.watsonx.ai",
        "us-central1-aiplatform.googleapis.com, gemini, gcp.vertex_ai",
        "localhost, ollama, ollama",
        "localhost, openai-chat, openai",
        "openrouter.ai, anthropic, anthropic"
    })
    void aProviderIsNamedByItsHostElseByItsFormat(String host, String dialect, String provider) {
        assertThat(Api.provider(host, dialect)).isEqualTo(provider);
    }

    @ParameterizedTest
    @CsvSource({
        "openai-chat, 0, chat",
        "openai-responses, 1, chat",
        "openai-completions, 0, text_completion",
        "openai-embeddings, 0, embeddings",
        "azure-openai, 2, embeddings",
        "gemini, 0, generate_content",
        "gemini, 2, embeddings",
        "anthropic, 1, chat",
        "'', 0, other"
    })
    void anOperationIsNamedByItsFormat(String dialect, int form, String operation) {
        assertThat(Api.operation(dialect, form)).isEqualTo(operation);
    }
}
