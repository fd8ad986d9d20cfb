package dev.llmproxy.examples;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicException;
import com.anthropic.models.messages.MessageCreateParams;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;

/** Gives anthropic-java a wrapped client: the application keeps its code. */
public final class AnthropicSdk {
    private AnthropicSdk() {}

    /** Returns the SDK's client over a wrapped one. */
    static AnthropicClient client(OkHttpClient wrapped, String base) {
        return AnthropicOkHttpClient.builder()
                .addInterceptor(next -> new AnthropicOverOkHttp(wrapped, next)) // in place of the SDK's own client
                .maxRetries(0) // one owner of retries; the SDK's default is two
                .baseUrl(base)
                .apiKey("sk-ant-example-0123456789abcdefghij")
                .build();
    }

    /**
     * Asks, and then reads a stream in the middle of which the provider hangs up.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        var question = MessageCreateParams.builder()
                .model("claude-sonnet-4-5")
                .maxTokens(100)
                .addUserMessage("Why is the sky blue?")
                .build();
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder().build()) {
            provider.enqueue(
                    Replies.message("Because."),
                    Replies.messageStream("Blue ", "light").afterEvent(3).cut());
            OkHttpClient wrapped = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            var messages = client(wrapped, provider.url()).messages();
            System.out.println(
                    messages.create(question).content().get(0).asText().text());
            try (var stream = messages.createStreaming(question)) {
                stream.stream()
                        .flatMap(event -> event.contentBlockDelta().stream())
                        .forEach(event ->
                                System.out.println(event.delta().asText().text()));
            } catch (AnthropicException e) {
                System.out.println(
                        LlmFaultException.faultOf(e).map(Fault::explain).orElse("no fault: " + e));
            }
            wrapped.connectionPool().evictAll();
        }
    }
}
