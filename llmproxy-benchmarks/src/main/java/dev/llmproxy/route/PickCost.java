package dev.llmproxy.route;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.limit.LimitStage;
import dev.llmproxy.limit.Limits;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to pick one of six deployments, all healthy and each with a latency of its own. In this package because what
 * picks is nobody's business outside of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms256m", "-Xmx256m"})
public class PickCost {
    private static final String BASE = "https://llm.example/v1";
    private static final int DEPLOYMENTS = 6;

    /** How the route spreads its calls. */
    @Param({"balance", "roundRobin", "failover"})
    private String how = "";

    /** Whether the deployments have limits, of calls at once, requests and tokens, of which a balanced pick asks. */
    @Param({"false", "true"})
    private boolean limited;

    private final Ticker ticker = Ticker.system();
    private @Nullable Fleet fleet;
    private @Nullable CallContext call;
    private @Nullable LlmRequest request;

    /**
     * Makes the route and a call.
     *
     * @throws IOException never
     */
    @Setup
    public void build() throws IOException {
        Deployment[] others = new Deployment[DEPLOYMENTS - 1];
        for (int i = 0; i < others.length; i++) {
            others[i] = Deployment.at("https://d" + i + ".example/v1");
        }
        Deployment first = Deployment.at("https://first.example/v1");
        Route.From from = Route.from(BASE);
        Route route = switch (how) {
            case "balance" -> from.balance(first, others);
            case "roundRobin" -> from.roundRobin(first, others);
            default -> from.failover(first, others);
        };
        RouteStage.Headroom headroom = limited ? limits() : (deployment, now) -> 1;
        Fleets fleets = new Fleets(
                new Routes(List.of(route)),
                new GoodKeys(new KeyRings(List.of(), Map.of())),
                () -> ThreadLocalRandom.current().nextLong(),
                headroom);
        call = started();
        request = call.request();
        fleet = fleets.of(call.request().url());
        for (int i = 0; i < 1_000; i++) {
            Lane lane = known(fleet).pick(call, call.request(), ticker.nanos());
            known(lane).begin(true, ticker.nanos());
            known(lane).firstToken(true).came(500_000_000 + i * 100_000L, ticker.nanos());
            known(lane).member().end();
        }
    }

    // Each of the deployments is asked once, so that its limits are known.
    private RouteStage.Headroom limits() throws IOException {
        LimitStage limits = new LimitStage(
                Limits.perDeployment()
                        .adaptiveConcurrency(64)
                        .requestsPerMinute(1_000_000)
                        .tokensPerMinute(1_000_000_000),
                ticker,
                (deployment, url) -> false,
                (cause, place, explained) -> {});
        for (int i = 0; i < DEPLOYMENTS; i++) {
            CallContext asking = started();
            asking.choice().aimedAt(i == 0 ? "first.example" : "d" + (i - 1) + ".example");
            asking.choice().decidedAt(ticker.nanos());
            limits.handle(asking.request(), new Refusing(asking)).close();
        }
        return (deployment, now) -> limits.headroom(deployment.name(), now);
    }

    private record Refusing(CallContext call) implements Stage.Chain {
        @Override
        public LlmResponse proceed(LlmRequest request) {
            return LlmResponse.builder(500).body(new Buffer()).build();
        }

        @Override
        public Attempt attempt() {
            throw new IllegalStateException("no attempt");
        }
    }

    private static CallContext started() throws IOException {
        CallContext[] kept = new CallContext[1];
        LlmResponse answer = LlmResponse.builder(200).body(new Buffer()).build();
        Stage keep = (asked, chain) -> {
            kept[0] = chain.call();
            return answer;
        };
        String body =
                "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        LlmRequest request = LlmRequest.builder("POST", LlmUrl.of(BASE + "/chat/completions"))
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
        try (LlmProxy proxy = LlmProxy.builder().aroundCall(keep).build()) {
            proxy.execute(request, CallOptions.none(), (sent, attempt) -> answer)
                    .close();
        }
        return kept[0];
    }

    /**
     * Reads the clock and picks.
     *
     * @return what is picked
     */
    @Benchmark
    public @Nullable Object pick() {
        return known(fleet).pick(known(call), known(request), ticker.nanos());
    }

    /**
     * Reads the clock, picks, takes the place and frees it again.
     *
     * @return what was picked
     */
    @Benchmark
    public @Nullable Object pickAndEnd() {
        long now = ticker.nanos();
        Lane lane = known(known(fleet).pick(known(call), known(request), now));
        lane.begin(true, now);
        lane.firstToken(true).leave();
        lane.member().end();
        return lane;
    }

    /**
     * Reads the clock, for comparison.
     *
     * @return the time
     */
    @Benchmark
    public long clock() {
        return ticker.nanos();
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not built (expected: build() before)");
        }
        return value;
    }
}
