package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;

/** Places that have other names for the models, one of them at Azure; and a model for prompts that are too long. */
public final class RouteModels {
    private static final String BASE = "https://llm.example/v1";
    private static final String TOO_LONG =
            "{\"error\":{\"message\":\"maximum context length is 8192 tokens\",\"code\":\"context_length_exceeded\"}}";

    private RouteModels() {}

    private static Route route(ScriptedProvider west, ScriptedProvider azure) {
        return Route.from(BASE)
                .failover(
                        Deployment.at(west.url("/v1"))
                                .named("west")
                                .apiKey(ApiKey.of("west-key"))
                                .alias("gpt-4o-mini", "west-mini"), // the same model by another name
                        Deployment.azure(azure.url(), "2024-10-21")
                                .named("azure")
                                .apiKey(ApiKey.of("azure-key"))
                                .model("gpt-4o-mini", "prod-nano")) // another model that stands in for it
                .fallbackModel(FaultCause.CONTEXT_LENGTH, "gpt-4.1");
    }

    /**
     * Lets the first place fail, and then a prompt be too long.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        try (ScriptedProvider west = ScriptedProvider.start();
                ScriptedProvider azure = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .route(route(west, azure))
                        .retry(Retry.attempts(3))
                        .on(LlmEvent.ModelReplaced.class, e -> System.out.println(e.deployment() + ": " + e.model()))
                        .on(LlmEvent.FellBack.class, e -> System.out.println(e.reason() + ": " + e.model()))
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            west.enqueue(Reply.json(503, "{}"), Reply.json(400, TOO_LONG), Replies.chat("Because."));
            azure.enqueue(Replies.chat("Because of the air."));
            System.out.println(new Application(client, BASE).ask(false));
            System.out.println(new Application(client, BASE).ask(false));
            client.connectionPool().evictAll();
        }
    }
}
