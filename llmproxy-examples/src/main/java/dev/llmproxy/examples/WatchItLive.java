package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.console.LlmProxyConsole;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.OkHttpClient;

/** Shows a live page of calls to a provider that fails in several ways, and writes the last report as a file. */
public final class WatchItLive {
    private WatchItLive() {}

    /**
     * Prints the link to the page, and lets an application ask for a while.
     *
     * @param args for how many seconds, a minute unless it is said; then a file for the last report, if wanted
     * @throws IOException if the page cannot be served or the file not be written
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Duration time = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 60);
        try (ScriptedProvider east = ScriptedProvider.start();
                ScriptedProvider west = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .route(Route.from("https://llm.example/v1")
                                .failover(
                                        Deployment.at(east.url("/v1"))
                                                .named("east")
                                                .apiKey(ApiKey.of("sk-east")),
                                        Deployment.at(west.url("/v1"))
                                                .named("west")
                                                .apiKey(ApiKey.of("sk-west"))))
                        .retry(Retry.attempts(2))
                        .timeouts(Timeouts.standard().firstByte(Duration.ofSeconds(3)))
                        .build()) {
            east.answer(new TroubledProvider(1, 16));
            west.answer(new TroubledProvider(2, 4));
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            try (LlmProxyConsole console = LlmProxyConsole.open(proxy)) {
                System.out.println("open " + console.url());
                new Traffic(client, "https://llm.example/v1").run(time);
            }
            System.out.println(proxy.report().toText());
            if (args.length > 1) {
                proxy.report().writeHtml(Path.of(args[1]));
            }
            client.connectionPool().evictAll();
        }
    }
}
