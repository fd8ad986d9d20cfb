package dev.llmproxy.examples;

import com.google.genai.Client;
import com.google.genai.errors.GenAiIOException;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import java.util.List;
import okhttp3.OkHttpClient;

/** Gives google-genai a wrapped client: the application keeps its code. */
public final class GoogleGenAiSdk {
    private GoogleGenAiSdk() {}

    /** Returns the SDK's client over a wrapped one. */
    static Client client(OkHttpClient wrapped, String base) {
        HttpRetryOptions once = HttpRetryOptions.builder()
                .attempts(1) // one owner of retries; the SDK's default is five attempts, inside of llmproxy's one
                .httpStatusCodes(List.of()) // or it waits for up to two seconds after the last attempt
                .build();
        return Client.builder()
                .clientOptions(ClientOptions.builder().customHttpClient(wrapped).build())
                .httpOptions(
                        HttpOptions.builder().retryOptions(once).baseUrl(base).build())
                .apiKey("AIza-example-0123456789abcdefghij")
                .build();
    }

    /**
     * Asks, and then reads a stream in the middle of which the provider hangs up.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder().build();
                Client genai = client(OkHttpLlmProxy.wrap(new OkHttpClient(), proxy), provider.url())) {
            provider.enqueue(
                    Replies.gemini("Because."),
                    Replies.geminiStream("Blue ", "light").afterEvent(2).cut());
            String question = "Why is the sky blue?";
            var answer = genai.models.generateContent("gemini-2.5-flash", question, null);
            System.out.println(answer.text());
            try (var stream = genai.models.generateContentStream("gemini-2.5-flash", question, null)) {
                stream.forEach(part -> System.out.println(part.text()));
            } catch (GenAiIOException e) {
                System.out.println(
                        LlmFaultException.faultOf(e).map(Fault::explain).orElse("no fault: " + e));
            }
        }
    }
}
