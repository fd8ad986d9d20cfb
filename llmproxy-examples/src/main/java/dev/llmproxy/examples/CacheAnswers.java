package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Answers equal calls of a tenant from memory. */
public final class CacheAnswers {
    private static final String QUESTION = "{\"model\":\"gpt-4o-mini\",\"temperature\":0,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}";

    private CacheAnswers() {}

    /**
     * Asks the same three times, for two tenants.
     *
     * @param args nothing
     * @throws IOException if a call fails
     */
    public static void main(String[] args) throws IOException {
        ResponseCache cache = ResponseCache.inMemory(64L << 20)
                .expireAfter(Duration.ofHours(1))
                .staleIfError(Duration.ofHours(24)); // an old answer is better than none
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder().cache(cache).build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            provider.enqueue(Replies.chat("Because."), Replies.chat("Scattering."));
            for (String tenant : new String[] {"acme", "acme", "other"}) {
                Request request = new Request.Builder()
                        .url(provider.url("/v1") + "/chat/completions")
                        .header("X-LlmProxy-Tenant", tenant) // one tenant never sees another's answer
                        .post(RequestBody.create(QUESTION, MediaType.get("application/json")))
                        .build();
                try (Response response = client.newCall(request).execute()) {
                    String text = response.body().string();
                    String answer = text.contains("Because.") ? "Because." : "Scattering.";
                    System.out.println(response.header("X-LlmProxy-Cache") + " \"" + answer + "\"");
                }
            }
            System.out.println(proxy.cache().statistics());
            proxy.cache().purge("acme");
            client.connectionPool().evictAll();
        }
    }
}
