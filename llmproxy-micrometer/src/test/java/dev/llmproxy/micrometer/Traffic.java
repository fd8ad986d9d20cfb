package dev.llmproxy.micrometer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** An application that calls two providers, of which each has its faults, and shows its metrics. */
final class Traffic {
    private static final String EVENT = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
            + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"delta\":{%s},\"finish_reason\":%s}]}";
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(10);
    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(5);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger atEast = new AtomicInteger();
    private final AtomicInteger atWest = new AtomicInteger();
    private final ScriptedProvider east = ScriptedProvider.start();
    private final ScriptedProvider west = ScriptedProvider.start();
    private final OkHttpClient plain = new OkHttpClient();
    private final Thread calls = new Thread(this::callUntilStopped, "traffic");
    private final HttpServer page;

    private Traffic() throws IOException {
        east.answer(request -> reply(request, atEast.getAndIncrement() % 8));
        west.answer(request -> reply(request, atWest.getAndIncrement() % 3 == 2 ? 2 : 0));
        page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        page.createContext("/metrics", this::scrape);
    }

    static Traffic start() throws IOException {
        Traffic traffic = new Traffic();
        traffic.page.start();
        traffic.calls.start();
        return traffic;
    }

    int port() {
        return page.getAddress().getPort();
    }

    private static Reply reply(ReceivedRequest request, int turn) {
        boolean streamed = request.bodyText().contains("\"stream\":true");
        return switch (turn) {
            case 2 -> Reply.json(503, "{\"error\":{\"message\":\"overloaded\"}}");
            case 4 ->
                streamed
                        ? stream().afterEvent(2).cut()
                        : answer("stop").chunked(100).withoutLastChunk();
            case 5 -> Reply.json(429, "{\"error\":{\"message\":\"no credit\",\"code\":\"insufficient_quota\"}}");
            case 7 -> answer("length");
            default -> streamed ? stream() : answer("stop");
        };
    }

    private static Reply answer(String finish) {
        return Reply.json(200, Measured.ANSWER.replace("\"stop\"", "\"" + finish + "\""));
    }

    private static Reply stream() {
        String word = EVENT.formatted("\"content\":\"word \"", "null");
        return Reply.sse(word, word, word, word, EVENT.formatted("", "\"stop\""), "[DONE]")
                .eventsEvery(BETWEEN_EVENTS);
    }

    private void callUntilStopped() {
        LlmMetrics metrics = LlmMetrics.on(registry);
        try (LlmProxy proxy = LlmProxy.builder()
                .route(Route.from("http://llm.example/v1")
                        .failover(
                                Deployment.at(east.url("/v1")).named("east"),
                                Deployment.at(west.url("/v1")).named("west")))
                .retry(Retry.attempts(2))
                .limits(Limits.perDeployment().concurrency(8))
                .listener(metrics)
                .build()) {
            metrics.watch(proxy);
            OkHttpClient client = OkHttpLlmProxy.wrap(plain, proxy);
            for (int n = 0; !stopped.await(BETWEEN_CALLS.toMillis(), TimeUnit.MILLISECONDS); n++) {
                call(client, n % 2 == 0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void call(OkHttpClient client, boolean streamed) {
        String body = "{\"model\":\"gpt-4o\",\"stream\":" + streamed
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        Request request = new Request.Builder()
                .url("http://llm.example/v1/chat/completions")
                .post(RequestBody.create(body, MediaType.get("application/json")))
                .build();
        try (Response response = client.newCall(request).execute()) {
            var unused = response.body().bytes();
        } catch (IOException e) {
            // A fault, which is what is measured.
        }
    }

    private void scrape(HttpExchange exchange) throws IOException {
        byte[] page = registry.scrape().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(200, page.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(page);
        }
    }

    /** Ends it. */
    void stop() throws InterruptedException {
        stopped.countDown();
        calls.join(TimeUnit.SECONDS.toMillis(10));
        page.stop(0);
        east.close();
        west.close();
        plain.connectionPool().evictAll();
    }
}
