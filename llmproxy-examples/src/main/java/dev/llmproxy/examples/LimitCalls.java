package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import java.time.Duration;
import okhttp3.OkHttpClient;

/** Sends no more than a provider takes: a short wait is waited for, a long one is refused at once. */
public final class LimitCalls {
    private LimitCalls() {}

    /**
     * Makes two calls to a provider that takes six a minute.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        Limits limits = Limits.perDeployment() // each of them has these for itself
                .adaptiveConcurrency(64) // fewer while the provider is slow or overloaded
                .requestsPerMinute(6) // a sixth of it at once, the rest evenly
                .tokensPerMinute(90_000) // estimated before, and put right by what the answer tells
                .queueFor(Duration.ofSeconds(5)); // what would wait longer is refused without waiting
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .limits(limits)
                        .on(LlmEvent.LimitWaited.class, e -> System.out.println("waited for " + e.limit()))
                        .onFault(
                                fault -> System.out.println(fault.summary().replaceAll("http://[^ ]*", "the provider")))
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            provider.enqueue(Replies.chat("Because."));
            System.out.println(application.ask(false));
            System.out.println(application.ask(false));
            for (Limits.Use use : proxy.limits()) {
                System.out.println(use.running() + " of " + use.most() + " running, " + use.refused() + " refused");
            }
            client.connectionPool().evictAll();
        }
    }
}
