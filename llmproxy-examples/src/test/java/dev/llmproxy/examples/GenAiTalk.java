package dev.llmproxy.examples;

import com.google.genai.Client;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import java.io.StringWriter;
import java.util.List;
import java.util.Objects;

/** A question by google-genai. */
final class GenAiTalk implements Talk {
    private static final String MODEL = "gemini-2.5-flash";
    private static final GenerateContentConfig CONFIG =
            GenerateContentConfig.builder().build();

    private final Client client;

    GenAiTalk(Sdk.Setup setup) {
        HttpRetryOptions retries = setup.retrying()
                ? HttpRetryOptions.builder().initialDelay(0.01).build()
                : HttpRetryOptions.builder()
                        .attempts(1)
                        .httpStatusCodes(List.of())
                        .build();
        Client.Builder builder = Client.builder()
                .httpOptions(HttpOptions.builder()
                        .retryOptions(retries)
                        .baseUrl(setup.url())
                        .build())
                .apiKey("AIza-example-0123456789abcdefghij");
        if (setup.wrapped() != null) {
            builder.clientOptions(
                    ClientOptions.builder().customHttpClient(setup.wrapped()).build());
        }
        this.client = builder.build();
    }

    @Override
    public String ask() {
        return Objects.toString(
                client.models
                        .generateContent(MODEL, "Why is the sky blue?", CONFIG)
                        .text(),
                "");
    }

    @Override
    public void stream(StringWriter heard) {
        try (var stream = client.models.generateContentStream(MODEL, "Why is the sky blue?", CONFIG)) {
            stream.forEach(part -> heard.append(Objects.toString(part.text(), "")));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
