package dev.llmproxy.examples;

import com.sun.net.httpserver.HttpServer;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.micrometer.LlmMetrics;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import okhttp3.OkHttpClient;

/** Measures calls, and shows the metrics to Prometheus on a page. */
public final class MeasureCalls {
    private MeasureCalls() {}

    /**
     * Makes a call that is answered and one that is refused, and prints what the page says of them.
     *
     * @param args nothing
     * @throws IOException if the page cannot be served
     */
    public static void main(String[] args) throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        LlmProxy proxy = LlmProxy.builder().listener(LlmMetrics.on(registry)).build();
        HttpServer page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        page.createContext("/metrics", exchange -> {
            byte[] metrics = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, metrics.length);
            exchange.getResponseBody().write(metrics);
            exchange.close();
        });
        page.start();
        try (proxy;
                ScriptedProvider provider = ScriptedProvider.start()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            provider.enqueue(Replies.chat("Because."), Replies.noCredit());
            application.ask(false);
            application.ask(false);
            client.connectionPool().evictAll();
        }
        URI address = URI.create("http://127.0.0.1:" + page.getAddress().getPort() + "/metrics");
        try (var metrics = address.toURL().openStream()) {
            String text = new String(metrics.readAllBytes(), StandardCharsets.UTF_8);
            text.lines()
                    .filter(line -> line.matches(".*(calls_seconds_count|usage_sum|faults.*quota).*"))
                    .forEach(System.out::println);
        }
        page.stop(0);
    }
}
