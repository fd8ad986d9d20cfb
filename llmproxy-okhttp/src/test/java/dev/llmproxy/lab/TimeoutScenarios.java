package dev.llmproxy.lab;

import static dev.llmproxy.lab.Trial.SHORT;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.DeadAddress;
import dev.llmproxy.testing.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Calls that take too long, for reasons of every side. */
final class TimeoutScenarios {
    private TimeoutScenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.of(FaultCause.DNS_SLOW, "the resolver does not answer", TimeoutScenarios::slowDns)
                        .at("the client's Dns"),
                Scenario.of(
                        FaultCause.CONNECT_TIMEOUT,
                        "the backlog is full, SYNs are dropped",
                        TimeoutScenarios::synDropped),
                Scenario.of(
                        FaultCause.TLS_HANDSHAKE_STALLED, "TCP is accepted, TLS never answered", TimeoutScenarios::tls),
                Scenario.of(FaultCause.UPLOAD_STALLED, "the server stops reading the body", TimeoutScenarios::upload),
                Scenario.of(
                        FaultCause.FIRST_BYTE_BUDGET_TOO_SHORT,
                        "the budget lies inside of what is usual",
                        TimeoutScenarios::tooShort),
                Scenario.of(FaultCause.PROVIDER_SLOW, "every answer is slower than it was", TimeoutScenarios::slow),
                Scenario.of(FaultCause.PROVIDER_HUNG, "one call hangs among good ones", TimeoutScenarios::hung),
                Scenario.of(
                        FaultCause.LONG_ANSWER, "tokens flow until the attempt is over", TimeoutScenarios::longAnswer),
                Scenario.of(
                        FaultCause.STREAM_STALLED,
                        "the stream stops after some tokens",
                        TimeoutScenarios::streamStalls),
                Scenario.of(FaultCause.KEEPALIVE_ONLY, "nothing but pings", TimeoutScenarios::pings),
                Scenario.of(FaultCause.BODY_STALLED, "a plain body stops", TimeoutScenarios::bodyStalls),
                Scenario.of(
                        FaultCause.INTERMEDIARY_TIMEOUT,
                        "something between cuts at a constant age",
                        TimeoutScenarios::intermediary),
                Scenario.of(FaultCause.GATEWAY_TIMEOUT, "a gateway gives up", TimeoutScenarios::gateway),
                Scenario.of(FaultCause.CALL_DEADLINE, "the deadline of the call passes", TimeoutScenarios::deadline),
                Scenario.of(
                        FaultCause.CLIENT_CALL_TIMEOUT,
                        "the client's call timeout fires",
                        TimeoutScenarios::callTimeout));
    }

    private static void slowDns(Trial trial) {
        CountDownLatch never = new CountDownLatch(1);
        trial.closing(never::countDown);
        trial.http(http -> http.dns(name -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        }));
        trial.timeouts(timeouts -> timeouts.dns(trial.between(200, 500)));
        trial.call(trial.api().request("http://slow.example", trial.streaming(), "Why?"));
    }

    private static void synDropped(Trial trial) {
        String base = trial.closing(DeadAddress.unanswering()).url();
        trial.timeouts(timeouts -> timeouts.connect(trial.between(200, 500)));
        trial.call(trial.api().request(base, trial.streaming(), "Why?"));
    }

    private static void tls(Trial trial) {
        trial.plainProvider().always(Reply.none().onConnect().stall());
        trial.timeouts(timeouts -> timeouts.tls(trial.between(200, 500)));
        trial.call(trial.api().request(trial.provider().url().replace("http:", "https:"), trial.streaming(), "Why?"));
    }

    private static void upload(Trial trial) {
        trial.timeouts(timeouts -> timeouts.upload(trial.between(200, 500)));
        String prompt = "x".repeat((12 << 20) + trial.random().nextInt(4 << 20));
        trial.plainProvider()
                .always(trial.healthy()
                        .duringRequestBody(trial.random().nextInt(10_000))
                        .stall());
        trial.call(trial.api().request(trial.provider().url(), trial.streaming(), prompt));
    }

    private static void tooShort(Trial trial) throws InterruptedException {
        trial.timeouts(timeouts -> timeouts.firstByte(SHORT).firstToken(SHORT));
        for (int round = 0; round < 5; round++) {
            trial.historyAtOnce(8, Duration.ofMillis(250), Duration.ofMillis(720));
        }
        trial.meet(trial.healthy().afterRequest().pause(trial.between(800, 1_200)));
    }

    private static void slow(Trial trial) {
        trial.timeouts(timeouts -> timeouts.firstByte(Duration.ofMillis(900)).firstToken(Duration.ofMillis(900)));
        trial.history(60, Duration.ofMillis(5), Duration.ofMillis(15));
        trial.history(10, Duration.ofMillis(150), Duration.ofMillis(250));
        trial.meet(trial.healthy().afterRequest().stall());
    }

    private static void hung(Trial trial) {
        trial.timeouts(timeouts -> timeouts.firstByte(SHORT).firstToken(SHORT));
        trial.history(25, Duration.ofMillis(5), Duration.ofMillis(40));
        trial.meet(trial.healthy().afterRequest().stall());
    }

    private static void longAnswer(Trial trial) {
        trial.timeouts(timeouts -> timeouts.attempt(trial.between(500, 900)));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            texts.add("word ");
        }
        Reply reply = Api.stream(trial.api().events(texts)).eventsEvery(trial.between(30, 60));
        trial.provider().always(reply);
        trial.call(trial.api().request(trial.provider().url(), true, "Why?"));
    }

    private static void streamStalls(Trial trial) {
        Duration budget = trial.between(250, 500);
        boolean tokens = trial.random().nextBoolean();
        trial.timeouts(timeouts -> tokens ? timeouts.betweenTokens(budget) : timeouts.betweenBytes(budget));
        List<String> events = trial.api().events(Api.words(trial.random()));
        Reply reply =
                Api.stream(events).afterEvent(Math.min(3, events.size() - 1)).stall();
        trial.provider().always(reply);
        trial.call(trial.api().request(trial.provider().url(), true, "Why?"));
    }

    private static void pings(Trial trial) {
        trial.timeouts(timeouts -> timeouts.firstToken(trial.between(500, 800)));
        String ping = trial.api() == Api.ANTHROPIC ? "event: ping\ndata: {\"type\":\"ping\"}\n\n" : ": ping\n\n";
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            events.add(ping);
        }
        trial.provider().always(Api.stream(events).eventsEvery(trial.between(30, 60)));
        trial.call(trial.api().request(trial.provider().url(), true, "Why?"));
    }

    private static void bodyStalls(Trial trial) {
        trial.timeouts(timeouts -> timeouts.betweenBytes(trial.between(250, 500)));
        trial.provider()
                .always(trial.measured().atByte(1 + trial.random().nextInt(60)).stall());
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
    }

    // An idle timeout of a load balancer: whatever waits for longer is cut, what is quicker passes.
    private static void intermediary(Trial trial) {
        // What is quicker than a second is taken for a dead connection of the pool.
        Duration age = trial.between(1_050, 1_500);
        trial.history(8, Duration.ofMillis(5), Duration.ofMillis(100));
        boolean resets = trial.random().nextBoolean();
        for (int i = 0; i < 4; i++) {
            Reply waiting = trial.healthy().afterRequest().pause(age);
            trial.provider()
                    .always(
                            resets
                                    ? waiting.afterRequest().reset()
                                    : waiting.afterRequest().cut());
            trial.call();
        }
    }

    private static void gateway(Trial trial) {
        int[] statuses = {504, 524, 408};
        int status = statuses[trial.random().nextInt(statuses.length)];
        trial.meet(Reply.status(status)
                .header("Content-Type", "text/html")
                .header("Server", status == 524 ? "cloudflare" : "nginx")
                .body("<html><head><title>" + status + " Time-out</title></head><body>upstream</body></html>"));
    }

    private static void deadline(Trial trial) {
        trial.provider().always(trial.healthy().afterRequest().stall());
        trial.call(trial.request()
                .newBuilder()
                .header("X-LlmProxy-Deadline", trial.between(250, 500).toMillis() + "ms")
                .build());
    }

    private static void callTimeout(Trial trial) {
        trial.http(http -> http.callTimeout(trial.between(250, 500)));
        trial.meet(trial.healthy().afterRequest().stall());
    }

    static Request post(String url, String body) {
        return new Request.Builder()
                .url(url)
                .post(RequestBody.create(body, MediaType.get("application/json")))
                .build();
    }
}
