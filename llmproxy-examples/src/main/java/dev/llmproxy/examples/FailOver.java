package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;

/** Two places that can serve the same call, the first of them with two keys; the application keeps one base URL. */
public final class FailOver {
    private FailOver() {}

    /**
     * Lets the first key be rejected, the second one meet a broken server, and the second place answer.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        try (ScriptedProvider east = ScriptedProvider.start();
                ScriptedProvider west = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .route(Route.from("https://llm.example/v1")
                                .failover(
                                        Deployment.at(east.url("/v1"))
                                                .named("east")
                                                .apiKey(ApiKey.of("first-key"), ApiKey.of("second-key")),
                                        Deployment.at(west.url("/v1"))
                                                .named("west")
                                                .apiKey(ApiKey.of("west-key"))))
                        .retry(Retry.attempts(3))
                        .on(LlmEvent.KeySetAside.class, e -> System.out.println("key set aside: " + e.reason()))
                        .on(LlmEvent.FailedOver.class, e -> System.out.println(e.from() + " to " + e.to()))
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            east.enqueue(Replies.wrongKey(), Reply.json(500, "{\"error\":{\"message\":\"broken\"}}"));
            west.enqueue(Replies.chat("Because."), Replies.chat("Because."));
            System.out.println(new Application(client, "https://llm.example/v1").ask(false));
            client.connectionPool().evictAll();
        }
    }
}
