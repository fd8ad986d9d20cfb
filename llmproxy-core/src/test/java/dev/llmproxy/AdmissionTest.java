package dev.llmproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.SimulatedCalls;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.fake.CountingTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.limit.LimitStage;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.route.RouteStage;
import dev.llmproxy.route.Routes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import okio.Buffer;
import org.junit.jupiter.api.Test;

/** A call finds its deployment and what it needs of the limits there. */
class AdmissionTest {
    private static final String BASE = "https://llm.example/v1";

    private final CountingTicker ticker = new CountingTicker();
    private final LimitStage limits = new LimitStage(
            Limits.perDeployment()
                    .adaptiveConcurrency(64)
                    .requestsPerMinute(1_000_000)
                    .tokensPerMinute(1_000_000_000),
            ticker,
            (deployment, url) -> false,
            (cause, place, explained) -> {});
    private final RouteStage route = new RouteStage(
            new Routes(List.of(Route.from(BASE)
                    .balance(
                            Deployment.at("https://a.example/v1"),
                            Deployment.at("https://b.example/v1"),
                            Deployment.at("https://c.example/v1")))),
            new KeyRings(List.of(), Map.of()),
            () -> ThreadLocalRandom.current().nextLong(),
            event -> {},
            (deployment, now) -> limits.headroom(deployment.name(), now));

    @Test
    void theClockIsReadOnceForAll() throws IOException {
        // The first call to each place reads when it is known from.
        for (int i = 0; i < 1_000 && limits.uses().size() < 3; i++) {
            admit(i);
        }
        for (int i = 0; i < 20; i++) {
            admit(i);
            assertThat(ticker.reads).hasValue(1);
        }
    }

    private void admit(int number) throws IOException {
        CallContext call = SimulatedCalls.call(FakeTransport.chat(BASE + "/chat/completions"), number, ticker);
        ticker.reads.set(0);
        LlmResponse answer = LlmResponse.builder(200).body(new Buffer()).build();
        Stage.Chain toProvider = chain(call, (request, rest) -> answer);
        var unused = route.handle(call.request(), chain(call, (request, rest) -> limits.handle(request, toProvider)));
    }

    private static Stage.Chain chain(CallContext call, Stage next) {
        return new Stage.Chain() {
            @Override
            public LlmResponse proceed(LlmRequest request) throws IOException {
                return next.handle(request, this);
            }

            @Override
            public CallContext call() {
                return call;
            }

            @Override
            public Attempt attempt() {
                throw new IllegalStateException("no attempt");
            }
        };
    }
}
