package dev.llmproxy.cache;

import static dev.llmproxy.cache.CachedCalls.ACME;
import static dev.llmproxy.cache.CachedCalls.saying;
import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.chain.Stage;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stages around the attempts that send something else than the key was made of. */
class AlteredRequestsTest {
    private static final ResponseCache CACHE = ResponseCache.inMemory(1 << 20);

    private static Stage setting(String name, String value) {
        return (request, chain) ->
                chain.proceed(request.toBuilder().header(name, value).build());
    }

    private static CachedCalls through(Stage stage) {
        return new CachedCalls(CACHE, builder -> builder.aroundAttempt(stage));
    }

    private static void assertNotStored(Stage stage, String refusal) throws IOException {
        try (CachedCalls calls = through(stage)) {
            assertThat(calls.ask(ACME, saying("of one")).cache()).isEqualTo("miss");
            assertThat(calls.ask(ACME, saying("of another")).body()).contains("of another");
            assertThat(calls.listener.events(LlmEvent.CacheOffered.class))
                    .extracting(LlmEvent.CacheOffered::refusal)
                    .containsExactly(refusal, refusal);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "Ocp-Apim-Subscription-Key", "x-gateway-api-token", "Cookie", "x-bf-vk"})
    void anAnswerToAnotherCredentialIsNotStored(String name) throws IOException {
        assertNotStored(setting(name, "of another"), "sent with another credential");
    }

    @Test
    void anAnswerFromAnotherUrlIsNotStored() throws IOException {
        assertNotStored(
                (request, chain) -> chain.proceed(request.toBuilder()
                        .url(request.url().withPath("/v2" + request.url().path()))
                        .build()),
                "another request was sent");
    }

    @Test
    void headersThatDecideNothingChangeNothing() throws IOException {
        try (CachedCalls calls = through(setting("traceparent", "00-1"))) {
            calls.ask(ACME, saying("a"));
            assertThat(calls.ask(ACME).cache()).isEqualTo("hit");
        }
    }

    @Test
    void aRefusalOfAnotherCredentialIsNotRemembered() throws IOException {
        FakeTransport.Answer unknown = FakeTransport.json(
                404,
                "{\"error\":{\"message\":\"The model `m` does not exist\",\"type\":\"invalid_request_error\","
                        + "\"code\":\"model_not_found\"}}");
        try (CachedCalls calls = new CachedCalls(CACHE)) {
            calls.ask(ACME, unknown);
            assertThat(calls.ask(ACME).cache()).isEqualTo("hit");
        }
        try (CachedCalls calls = through(setting("Authorization", "Bearer of-another"))) {
            calls.ask(ACME, unknown);
            assertThat(calls.ask(ACME, saying("known to others")).cache()).isEqualTo("miss");
        }
    }
}
