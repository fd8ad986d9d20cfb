package dev.llmproxy.examples;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import java.io.StringWriter;

/** A question by anthropic-java. */
final class AnthropicTalk implements Talk {
    private static final MessageCreateParams QUESTION = MessageCreateParams.builder()
            .model("claude-sonnet-4-5")
            .maxTokens(100)
            .addUserMessage("Why is the sky blue?")
            .build();

    private final AnthropicClient client;

    AnthropicTalk(Sdk.Setup setup) {
        AnthropicOkHttpClient.Builder builder =
                AnthropicOkHttpClient.builder().baseUrl(setup.url()).apiKey("sk-ant-example-0123456789abcdefghij");
        if (!setup.retrying()) {
            builder.maxRetries(0);
        }
        var wrapped = setup.wrapped();
        if (wrapped != null) {
            builder.addInterceptor(next -> new AnthropicOverOkHttp(wrapped, next));
        }
        this.client = builder.build();
    }

    @Override
    public String ask() {
        return client.messages().create(QUESTION).content().get(0).asText().text();
    }

    @Override
    public void stream(StringWriter heard) {
        try (var stream = client.messages().createStreaming(QUESTION)) {
            stream.stream()
                    .flatMap(event -> event.contentBlockDelta().stream())
                    .forEach(event -> heard.append(event.delta().asText().text()));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
