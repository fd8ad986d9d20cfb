package dev.llmproxy.route;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.event.DeploymentState;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import okio.ByteString;

/** Calls through a route to deployments that answer as they are told, each at a host of its name. */
final class BalancedCalls implements AutoCloseable {
    static final String BASE = "https://llm.example/v1";

    final FakeTicker ticker = new FakeTicker();
    final RecordingListener events = new RecordingListener();
    private final Map<String, FakeTransport.Answer> answers = new HashMap<>();
    private final Map<String, Integer> sent = new HashMap<>();
    private final List<LlmResponse> open = new ArrayList<>();
    private final LlmProxy proxy;
    private String last = "";

    BalancedCalls(Route route) {
        this(LlmProxy.builder().route(route));
    }

    BalancedCalls(LlmProxy.Builder builder) {
        proxy = builder.ticker(ticker)
                .random(new SplittableRandom(7))
                .listener(events)
                .build();
    }

    static Deployment at(String name) {
        return Deployment.at("https://" + name + ".example/v1").named(name);
    }

    /** Returns an answer that takes a time. */
    FakeTransport.Answer after(Duration time, FakeTransport.Answer answer) {
        return (request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            ticker.advance(time);
            return answer.to(request, attempt);
        };
    }

    /** Lets a deployment answer so from now on. */
    void answer(String name, FakeTransport.Answer answer) {
        answers.put(name, answer);
    }

    void fail(String name) {
        answer(name, FakeTransport.json(500, "{}"));
    }

    void recover(String name) {
        answers.remove(name);
    }

    /** Sends a call and closes its answer; returns where it was sent last. */
    String call() {
        return call("gpt-4o");
    }

    String call(String model) {
        List<String> hosts = new ArrayList<>();
        try (LlmResponse response = execute(body(model, "hi"), hosts)) {
            response.body().readByteString();
        } catch (IOException e) {
            // The events tell.
        }
        return hosts.isEmpty() ? "" : hosts.get(hosts.size() - 1);
    }

    /** Sends so many calls, with a time between them. */
    void calls(int count, Duration apart) {
        for (int i = 0; i < count; i++) {
            call();
            ticker.advance(apart);
        }
    }

    /** Lets a deployment fail, and calls go there until it is ejected. */
    void eject(String name) {
        fail(name);
        for (int i = 0; state(name).ejectedFor().isEmpty(); i++) {
            if (i > 1_000) {
                throw new AssertionError(name + " was not ejected");
            }
            // Long enough for a failure to be forgotten.
            ticker.advance(Duration.ofMinutes(10));
            call();
        }
    }

    /** Sends a call and keeps its answer open. */
    LlmResponse hold() throws IOException {
        return hold(body("gpt-4o", "hi"));
    }

    LlmResponse hold(String body) throws IOException {
        LlmResponse response = execute(body, new ArrayList<>());
        open.add(response);
        return response;
    }

    static String body(String model, String text) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    private LlmResponse execute(String body, List<String> hosts) throws IOException {
        FakeTransport transport = new FakeTransport();
        for (int i = 0; i < 8; i++) {
            transport.script((request, attempt) -> {
                hosts.add(name(request));
                return answered(request, attempt);
            });
        }
        LlmRequest request = FakeTransport.chat(BASE + "/chat/completions").toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
        return proxy.execute(request, CallOptions.none(), transport);
    }

    private static String name(LlmRequest request) {
        return request.url().host().replace(".example", "");
    }

    private LlmResponse answered(LlmRequest request, Attempt attempt) throws IOException {
        last = name(request);
        sent.merge(last, 1, Integer::sum);
        return answers.getOrDefault(name(request), FakeTransport.ok()).to(request, attempt);
    }

    /** Returns which deployment got the last request. */
    String last() {
        return last;
    }

    /** Returns how many requests a deployment got since the last {@link #forget}. */
    int sent(String name) {
        return sent.getOrDefault(name, 0);
    }

    void forget() {
        sent.clear();
    }

    int inFlight(String name) {
        return state(name).inFlight();
    }

    DeploymentState state(String name) {
        return proxy.report().deployments().stream()
                .filter(state -> state.deployment().equals(name))
                .findFirst()
                .orElseThrow();
    }

    LlmProxy proxy() {
        return proxy;
    }

    @Override
    public void close() throws IOException {
        for (LlmResponse response : open) {
            response.close();
        }
        proxy.close();
        events.assertBalanced();
    }
}
