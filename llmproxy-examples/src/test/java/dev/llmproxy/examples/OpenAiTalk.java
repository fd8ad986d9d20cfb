package dev.llmproxy.examples;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.StringWriter;

/** A question by openai-java. */
final class OpenAiTalk implements Talk {
    private static final ChatCompletionCreateParams QUESTION = ChatCompletionCreateParams.builder()
            .model("gpt-4o-mini")
            .addUserMessage("Why is the sky blue?")
            .build();

    private final OpenAIClient client;

    OpenAiTalk(Sdk.Setup setup) {
        OpenAIOkHttpClient.Builder builder =
                OpenAIOkHttpClient.builder().baseUrl(setup.url() + "/v1").apiKey("sk-example-0123456789abcdefghij");
        if (!setup.retrying()) {
            builder.maxRetries(0);
        }
        if (setup.wrapped() != null) {
            builder.okHttpClient(setup.wrapped());
        }
        this.client = builder.build();
    }

    @Override
    public String ask() {
        var answer = client.chat().completions().create(QUESTION);
        return answer.choices().get(0).message().content().orElse("");
    }

    @Override
    public void stream(StringWriter heard) {
        try (var stream = client.chat().completions().createStreaming(QUESTION)) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> heard.append(choice.delta().content().orElse("")));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
