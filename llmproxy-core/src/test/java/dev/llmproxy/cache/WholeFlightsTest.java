package dev.llmproxy.cache;

import static dev.llmproxy.cache.CachedCalls.ACME;
import static dev.llmproxy.cache.CachedCalls.QUESTION;
import static dev.llmproxy.cache.CachedCalls.saying;
import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Flights with all that a proxy does behind them. */
class WholeFlightsTest {
    private static final int CALLS = 6;

    private static LlmProxy.Builder proxy() {
        return LlmProxy.builder().cache(ResponseCache.inMemory(1 << 20));
    }

    private static List<CompletableFuture<String>> asked(LlmProxy proxy, HeldProvider provider) {
        List<CompletableFuture<String>> texts = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            texts.add(provider.ask(proxy, CachedCalls.question(QUESTION), ACME, "user-" + i));
        }
        provider.open();
        return texts;
    }

    @Test
    void aRetryInFlightIsEverybodys() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        HeldProvider provider = new HeldProvider((request, attempt) -> tries.incrementAndGet() == 1
                ? FakeTransport.json(503, "{}").to(request, attempt)
                : saying("at last").to(request, attempt));
        try (LlmProxy proxy =
                proxy().retry(Retry.attempts(3).within(Duration.ofMinutes(1))).build()) {
            for (CompletableFuture<String> text : asked(proxy, provider)) {
                assertThat(text.get(2, TimeUnit.MINUTES)).contains("at last");
            }
            assertThat(provider.sent).hasValue(2);
            assertThat(proxy.cache().statistics().stored()).isEqualTo(1);
        }
    }

    @Test
    void whatWasSignedForOneUserIsNotSharedWithAnother() throws Exception {
        HeldProvider provider = new HeldProvider((request, attempt) ->
                saying(request.headers().get("Authorization").orElse("nobody")).to(request, attempt));
        try (LlmProxy proxy = proxy().aroundAttempt((request, chain) -> chain.proceed(request.toBuilder()
                        .header("Authorization", Thread.currentThread().getName())
                        .build()))
                .build()) {
            List<CompletableFuture<String>> texts = asked(proxy, provider);
            for (int i = 0; i < CALLS; i++) {
                assertThat(texts.get(i).get(2, TimeUnit.MINUTES)).contains("user-" + i);
            }
        }
    }

    @Test
    void whatWasRefusedToOneUserIsNotRefusedToAnother() throws Exception {
        HeldProvider provider = new HeldProvider((request, attempt) -> {
            String user = request.headers().get("Authorization").orElse("nobody");
            return user.equals("user-0")
                    ? FakeTransport.json(
                                    404, "{\"error\":{\"code\":\"model_not_found\",\"message\":\"no such model\"}}")
                            .to(request, attempt)
                    : saying(user).to(request, attempt);
        });
        try (LlmProxy proxy = proxy().aroundAttempt((request, chain) -> chain.proceed(request.toBuilder()
                        .header("Authorization", Thread.currentThread().getName())
                        .build()))
                .build()) {
            List<CompletableFuture<String>> texts = asked(proxy, provider);
            assertThat(texts.get(0).get(2, TimeUnit.MINUTES)).contains("no such model");
            for (int i = 1; i < CALLS; i++) {
                assertThat(texts.get(i).get(2, TimeUnit.MINUTES)).contains("user-" + i);
            }
        }
    }

    @Test
    void anAnswerOfAnotherModelIsEverybodysWhoAskedMeanwhileAndNobodysLater() throws Exception {
        HeldProvider provider = new HeldProvider(
                (request, attempt) -> saying(request.model().orElse("none")).to(request, attempt));
        Route route = Route.from("https://api.openai.com/v1")
                .failover(Deployment.at("https://west.example/v1").named("west").model("gpt-4o", "west-mini"));
        try (LlmProxy proxy = proxy().route(route).build()) {
            for (CompletableFuture<String> text : asked(proxy, provider)) {
                assertThat(text.get(2, TimeUnit.MINUTES)).contains("west-mini");
            }
            assertThat(provider.sent).hasValue(1);
            assertThat(proxy.cache().statistics().stored()).isZero();
            assertThat(provider.ask(proxy, CachedCalls.question(QUESTION), ACME, "late")
                            .get(2, TimeUnit.MINUTES))
                    .contains("west-mini");
            assertThat(provider.sent).hasValue(2);
        }
    }
}
