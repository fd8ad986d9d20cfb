package dev.llmproxy.cache;

import static dev.llmproxy.cache.CachedCalls.ACME;
import static dev.llmproxy.cache.CachedCalls.QUESTION;
import static dev.llmproxy.cache.CachedCalls.question;
import static dev.llmproxy.cache.CachedCalls.saying;
import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which answers of deployments stand for what the application asked for. */
class CachedRoutesTest {
    private static final Deployment WEST =
            Deployment.at("https://west.example/v1").named("west");
    private static final FakeTransport.Answer TOO_LONG = FakeTransport.json(
            400,
            "{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens.\","
                    + "\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}}");

    private final List<CachedCalls> opened = new ArrayList<>();

    @AfterEach
    void everyCallEndsOnce() {
        opened.forEach(calls -> {
            calls.listener.assertBalanced();
            calls.close();
        });
    }

    private CachedCalls calls(Deployment deployment) {
        return calls(Route.from("https://api.openai.com/v1").failover(deployment), builder -> builder);
    }

    private CachedCalls calls(Route route, UnaryOperator<LlmProxy.Builder> more) {
        CachedCalls calls =
                new CachedCalls(ResponseCache.inMemory(1 << 20), builder -> more.apply(builder.route(route)));
        opened.add(calls);
        return calls;
    }

    private static String whyNot(CachedCalls calls) {
        List<LlmEvent.CacheOffered> all = calls.listener.events(LlmEvent.CacheOffered.class);
        return all.get(all.size() - 1).refusal();
    }

    @Test
    void theAnswerOfADeploymentStandsForTheCall() throws IOException {
        CachedCalls calls = calls(WEST);
        assertThat(calls.ask(ACME, saying("blue")).cache()).isEqualTo("miss");
        assertThat(calls.ask(ACME).cache()).isEqualTo("hit");
    }

    @Test
    void theAnswerOfTheSameModelByAnotherNameIsKept() throws IOException {
        CachedCalls calls = calls(WEST.alias("gpt-4o", "west-4o"));
        FakeTransport transport = FakeTransport.answering(saying("blue"));
        calls.proxy.execute(question(QUESTION), ACME, transport).close();
        assertThat(transport.sent().get(0).model()).hasValue("west-4o");
        assertThat(calls.ask(ACME).cache()).isEqualTo("hit");
    }

    @Test
    void theAnswerOfAnotherModelIsNotKept() throws IOException {
        CachedCalls calls = calls(WEST.model("gpt-4o", "west-mini"));
        calls.ask(ACME, saying("blue"));
        assertThat(whyNot(calls)).isEqualTo("answered by another model");
        assertThat(calls.ask(ACME, saying("red")).body()).contains("red");
    }

    @Test
    void theAnswerOfAFallbackIsNotKept() throws IOException {
        Route route =
                Route.from("https://api.openai.com/v1").failover(WEST).fallbackModel(FaultCause.CONTEXT_LENGTH, "big");
        CachedCalls calls = calls(route, builder -> builder.retry(Retry.attempts(3)));
        assertThat(calls.ask(ACME, TOO_LONG, saying("blue")).body()).contains("blue");
        assertThat(whyNot(calls)).isEqualTo("answered by another model");
    }

    @Test
    void anotherBodyInPlaceOfTheRenamedOneIsNotKept() throws IOException {
        Route route = Route.from("https://api.openai.com/v1").failover(WEST.alias("gpt-4o", "west-4o"));
        CachedCalls calls = calls(
                route,
                builder -> builder.aroundAttempt((request, chain) -> chain.proceed(asking(request, "another one"))));
        calls.ask(ACME, saying("blue"));
        assertThat(whyNot(calls)).isEqualTo("another request was sent");
    }

    private static LlmRequest asking(LlmRequest request, String text) {
        String body = QUESTION.replace("canary-prompt", text);
        return request.toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }
}
