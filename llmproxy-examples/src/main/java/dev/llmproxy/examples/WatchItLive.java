package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.console.LlmProxyConsole;
import dev.llmproxy.micrometer.LlmMetrics;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.timeout.Timeouts;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.OkHttpClient;

/** Shows a live page, and metrics, of calls that fail in several ways. */
public final class WatchItLive {
    private WatchItLive() {}

    /**
     * Prints the link to the page, and lets an application ask for a while.
     *
     * @param args for how many seconds, a minute unless it is said; then a file for the last report, if wanted
     * @throws Exception if the page cannot be served or the file not be written
     */
    public static void main(String[] args) throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
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
                        .listener(LlmMetrics.on(registry))
                        .build();
                MetricsPage metrics = new MetricsPage(registry)) {
            System.out.println("metrics  " + metrics.url());
            east.answer(new TroubledProvider(1, 16));
            west.answer(new TroubledProvider(2, 4));
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Traffic traffic = new Traffic(client, "https://llm.example/v1");
            try (LlmProxyConsole console = LlmProxyConsole.open(proxy)) {
                System.out.println("page     " + console.url()); // whoever has this link sees the report
                traffic.run(args.length > 0 ? Integer.parseInt(args[0]) : 60);
            }
            proxy.report().writeHtml(Path.of(args.length > 1 ? args[1] : "llmproxy-report.html"));
            client.connectionPool().evictAll();
        }
    }
}
