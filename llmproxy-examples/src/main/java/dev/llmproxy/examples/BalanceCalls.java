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

/** Calls that are balanced, until a deployment fails so often that it is left alone for a while. */
public final class BalanceCalls {
    private BalanceCalls() {}

    /**
     * Lets the main deployment break down: four calls meet that and go on at the spare one, the fifth goes there at once.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        try (ScriptedProvider main = ScriptedProvider.start();
                ScriptedProvider spare = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .route(Route.from("https://llm.example/v1")
                                .balance(
                                        Deployment.at(main.url("/v1"))
                                                .named("main")
                                                .apiKey(ApiKey.of("main-key"))
                                                .weight(2),
                                        Deployment.at(spare.url("/v1"))
                                                .named("spare")
                                                .apiKey(ApiKey.of("spare-key"))
                                                .priority(1)))
                        .retry(Retry.attempts(2))
                        .on(LlmEvent.FailedOver.class, e -> System.out.println(e.from() + " to " + e.to()))
                        .on(LlmEvent.DeploymentEjected.class, e -> System.out.println("ejected: " + e.reason()))
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, "https://llm.example/v1");
            for (int i = 0; i < 4; i++) {
                main.enqueue(Reply.json(500, "{\"error\":{\"message\":\"broken\"}}"));
            }
            for (int i = 0; i < 5; i++) {
                spare.enqueue(Replies.chat("Because."));
                System.out.println(application.ask(false));
            }
            client.connectionPool().evictAll();
        }
    }
}
