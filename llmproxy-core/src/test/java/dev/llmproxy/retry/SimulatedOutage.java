package dev.llmproxy.retry;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.simulation.SimulatedTime;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import okio.ByteString;

/** An application that calls at a steady rate while its provider is down or weak, and what it sends for that. */
final class SimulatedOutage {
    private static final String SECOND = "https://west.example";

    private final SimulatedTime time = new SimulatedTime();
    private final SplittableRandom random;
    private final Retry retry;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong entered = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private int layerAbove = 1;
    private int models = 1;
    private boolean obeysAdvice;
    private boolean refuses = true;
    private double failing = 1;
    private Duration healthyFor = Duration.ZERO;
    private boolean failsOver;
    private boolean secondAnswers;
    private Duration secondTakes = Duration.ZERO;

    SimulatedOutage(Retry retry, long seed) {
        this.retry = retry;
        this.random = new SplittableRandom(seed);
    }

    /** A layer above makes up to so many calls of one, and does or does not read X-Should-Retry. */
    SimulatedOutage nestedIn(int attempts, boolean readsAdvice) {
        layerAbove = attempts;
        obeysAdvice = readsAdvice;
        return this;
    }

    /** Nothing listens, so that there is no response that could say anything. */
    SimulatedOutage withoutResponses() {
        refuses = false;
        return this;
    }

    /** Only a part of what is sent fails. */
    SimulatedOutage failing(double share) {
        failing = share;
        return this;
    }

    /** Everything is answered for a while before; that is not counted. */
    SimulatedOutage after(Duration healthy) {
        healthyFor = healthy;
        return this;
    }

    /** Calls go to so many models in turn, each of which has a budget of its own. */
    SimulatedOutage models(int count) {
        models = count;
        return this;
    }

    /** There is a second deployment, which does or does not answer while the first one is down, and takes its time. */
    SimulatedOutage failingOver(boolean answers, Duration after) {
        failsOver = true;
        secondAnswers = answers;
        secondTakes = after;
        return this;
    }

    SimulatedOutage run(double perSecond, Duration duration) {
        try (LlmProxy proxy = proxy()) {
            long count = (long) (perSecond * healthyFor.plus(duration).toSeconds());
            for (long i = 0; i < count; i++) {
                long number = i;
                time.at(Duration.ofNanos((long) (i * 1e9 / perSecond)), () -> application(proxy, number));
            }
            time.run();
        }
        return this;
    }

    private LlmProxy proxy() {
        LlmProxy.Builder proxy = LlmProxy.builder()
                .integrity(Integrity.off())
                .retry(retry)
                .ticker(time)
                .random(new RecordingRandom(random.nextLong()))
                .on(LlmEvent.AttemptStarted.class, attempt -> sent.addAndGet(isDown() ? 1 : 0));
        if (failsOver) {
            proxy.route(Route.from("https://api.openai.com/v1")
                    .failover(
                            Deployment.at("https://east.example/v1").named("east"),
                            Deployment.at(SECOND + "/v1").named("west")));
        }
        return proxy.build();
    }

    private boolean isDown() {
        return time.nanos() >= healthyFor.toNanos();
    }

    private void application(LlmProxy proxy, long number) {
        calls.addAndGet(isDown() ? 1 : 0);
        LlmRequest request = request(number);
        for (int attempt = 0; attempt < layerAbove; attempt++) {
            if (attempt > 0) {
                // As SDKs do: half a second, doubling.
                time.park((long) (5e8 * (1 << (attempt - 1))));
            }
            if (call(proxy, request)) {
                return;
            }
        }
    }

    // Returns whether the layer above leaves it at that.
    private boolean call(LlmProxy proxy, LlmRequest request) {
        entered.addAndGet(isDown() ? 1 : 0);
        FakeTransport transport = new FakeTransport();
        for (int i = 0; i < retry.attempts(); i++) {
            boolean fails = isDown() && random.nextDouble() < failing;
            transport.script((sent, attempt) -> {
                if (isAtSecond(sent)) {
                    time.park(secondTakes.toNanos());
                }
                boolean isSpared = secondAnswers && isAtSecond(sent);
                return (fails && !isSpared ? failure() : FakeTransport.ok()).to(sent, attempt);
            });
        }
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), transport)) {
            if (response.isSuccessful()) {
                answered.addAndGet(isDown() ? 1 : 0);
                return true;
            }
            return obeysAdvice && response.headers().get("X-Should-Retry").isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isAtSecond(LlmRequest request) {
        return SECOND.equals(request.url().origin().toString());
    }

    private FakeTransport.Answer failure() {
        return refuses
                ? FakeTransport.json(503, "{}")
                : FakeTransport.failingIn(Phase.CONNECT, new ConnectException("Connection refused"));
    }

    private LlmRequest request(long number) {
        String model = models == 1 ? "gpt-4o" : "model-" + number % models;
        String body = "{\"model\":\"" + model + "\",\"messages\":[],\"seed\":" + number + "}";
        return FakeTransport.chat().toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    long calls() {
        return calls.get();
    }

    long sent() {
        return sent.get();
    }

    /** Returns how many requests were sent for one call that reached the proxy. */
    double amplification() {
        return (double) sent.get() / entered.get();
    }

    /** Returns how many requests were sent for one call of the application. */
    double inAll() {
        return (double) sent.get() / calls.get();
    }

    double answered() {
        return (double) answered.get() / calls.get();
    }
}
