package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import okhttp3.OkHttpClient;

/** Adds stages of the application's own: one around each call, one around everything that is sent for it. */
public final class AddAStage {
    private AddAStage() {}

    /**
     * Makes a call through the stages.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .aroundCall(AddAStage::log)
                        .aroundAttempt(AddAStage::mark)
                        .build()) {
            provider.enqueue(Replies.chat("Blue light is scattered most."));
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            new Application(client, provider.url("/v1")).ask(false);
            provider.requests().get(0).header("X-Attempt").ifPresent(value -> System.out.println("sent: " + value));
            client.connectionPool().evictAll();
        }
    }

    private static LlmResponse log(LlmRequest request, Stage.Chain chain) throws IOException {
        System.out.println("-> " + request.model().orElse("?"));
        LlmResponse response = chain.proceed(request);
        System.out.println(
                "<- " + response.code() + " after " + chain.call().attempts().size() + " attempt");
        return response;
    }

    private static LlmResponse mark(LlmRequest request, Stage.Chain chain) throws IOException {
        String mark = "attempt " + chain.attempt().number();
        return chain.proceed(request.toBuilder().header("X-Attempt", mark).build());
    }
}
