package dev.llmproxy.examples;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;

/** Gives openai-java a wrapped client: the application keeps its code. */
public final class OpenAiSdk {
    private OpenAiSdk() {}

    /** Returns the SDK's client over a wrapped one. */
    static OpenAIClient client(OkHttpClient wrapped, String base) {
        return OpenAIOkHttpClient.builder()
                .okHttpClient(wrapped) // from 4.95; its timeouts are the proxy's then
                .maxRetries(0) // one owner of retries; the SDK's default is two
                .baseUrl(base)
                .apiKey("sk-example-0123456789abcdefghij")
                .build();
    }

    /**
     * Asks, and then reads a stream in the middle of which the provider hangs up.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        var question = ChatCompletionCreateParams.builder()
                .model("gpt-4o-mini")
                .addUserMessage("Why is the sky blue?")
                .build();
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder().build()) {
            provider.enqueue(
                    Replies.chat("Because."),
                    Replies.chatStream("Blue ", "light").afterEvent(1).cut());
            OkHttpClient wrapped = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            var completions = client(wrapped, provider.url("/v1")).chat().completions();
            var answer = completions.create(question).choices().get(0).message();
            System.out.println(answer.content().orElse(""));
            try (var stream = completions.createStreaming(question)) {
                var deltas = stream.stream().map(chunk -> chunk.choices().get(0).delta());
                deltas.forEach(delta -> System.out.println(delta.content().orElse("")));
            } catch (OpenAIException e) {
                System.out.println(
                        LlmFaultException.faultOf(e).map(Fault::explain).orElse("no fault: " + e));
            }
            wrapped.connectionPool().evictAll();
        }
    }
}
