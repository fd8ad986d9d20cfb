package dev.llmproxy.examples;

import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;

/** Gives the models of LangChain4j a wrapped client: the application keeps its code. */
public final class LangChain4jSdk {
    private LangChain4jSdk() {}

    /** Returns a model of OpenAI's over a wrapped client. */
    static ChatModel openAi(OkHttpClient wrapped, String base) {
        return OpenAiChatModel.builder()
                .httpClientBuilder(new LangChain4jClients(wrapped)) // the streaming models take it, too
                .maxRetries(0) // one owner of retries; the default is two, after whatever exception
                .baseUrl(base)
                .apiKey("sk-example-0123456789abcdefghij")
                .modelName("gpt-4o-mini")
                .build();
    }

    /** Returns a model of Anthropic's over a wrapped client. */
    static ChatModel anthropic(OkHttpClient wrapped, String base) {
        return AnthropicChatModel.builder()
                .httpClientBuilder(new LangChain4jClients(wrapped))
                .maxRetries(0)
                .baseUrl(base)
                .apiKey("sk-ant-example-0123456789abcdefghij")
                .modelName("claude-sonnet-4-5")
                .build();
    }

    /**
     * Asks one model, and then another whose provider sends a web page.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        OkHttpClient client = new OkHttpClient();
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder().build()) {
            provider.enqueue(Replies.chat("Because."), Replies.webPage());
            OkHttpClient wrapped = OkHttpLlmProxy.wrap(client, proxy);
            System.out.println(openAi(wrapped, provider.url("/v1")).chat("Why is the sky blue?"));
            System.out.println(anthropic(wrapped, provider.url("/v1")).chat("Why is the sky blue?"));
        } catch (RuntimeException e) {
            System.out.println(LlmFaultException.faultOf(e).map(Fault::explain).orElse("no fault: " + e));
        } finally {
            client.connectionPool().evictAll();
        }
    }
}
