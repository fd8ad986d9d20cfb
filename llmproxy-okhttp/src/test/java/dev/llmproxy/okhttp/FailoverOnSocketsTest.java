package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.auth.Token;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.RetryScheduled;
import dev.llmproxy.event.LlmEvent.RetryScheduled.Change;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A route over two providers, with several keys at the first and tokens at the second. */
class FailoverOnSocketsTest extends OkHttpTest {
    private static final String REJECTED =
            "{\"error\":{\"message\":\"Incorrect API key provided\",\"code\":\"invalid_api_key\"}}";
    private static final String LIMITED = "{\"error\":{\"message\":\"Rate limit reached for requests\","
            + "\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}";
    private static final String ROLE = Calls.CHUNK.replace("n1", "");

    private final ScriptedProvider west = ScriptedProvider.start();
    private final AtomicInteger tokens = new AtomicInteger();
    private OkHttpClient client = new OkHttpClient();

    @BeforeEach
    void routes() {
        Deployment first = Deployment.at(provider.url("/v1"))
                .named("east")
                .apiKey(ApiKey.of("key-of-east-1"), ApiKey.of("key-of-east-2"));
        Deployment second = Deployment.at(west.url("/openai"))
                .named("west")
                .credentials(Credentials.token(
                        west.url(), () -> Token.expiringUnknown("token-of-west-" + tokens.incrementAndGet())));
        client = wrapped(LlmProxy.builder()
                .route(Route.from("http://llm.example/v1").failover(first, second))
                .retry(Retry.attempts(4)));
    }

    @AfterEach
    void closeWest() {
        west.close();
    }

    private static Request chat() {
        return Calls.chat("http://llm.example/v1/chat/completions?key=own-secret&a=1")
                .newBuilder()
                .header("Authorization", "Bearer own-secret")
                .header("Cookie", "session=own-secret")
                .build();
    }

    private String call() throws IOException {
        try (Response response = client.newCall(chat()).execute()) {
            return response.body().string();
        }
    }

    private static List<String> signatures(ScriptedProvider of) {
        return of.requests().stream()
                .map(request -> request.header("Authorization").orElse("none"))
                .toList();
    }

    @Test
    void everyKeyAndEveryTokenIsTriedBeforeTheCallFails() throws IOException {
        provider.enqueue(Reply.json(401, REJECTED), Reply.json(429, LIMITED).header("retry-after", "30"));
        west.enqueue(Reply.json(401, REJECTED), Reply.json(200, Calls.ANSWER));
        assertThat(call()).isEqualTo(Calls.ANSWER);
        assertThat(signatures(provider)).containsExactly("Bearer key-of-east-1", "Bearer key-of-east-2");
        assertThat(signatures(west)).containsExactly("Bearer token-of-west-1", "Bearer token-of-west-2");
        assertThat(events.events(RetryScheduled.class))
                .extracting(RetryScheduled::change)
                .containsExactly(Change.KEY, Change.DEPLOYMENT, Change.TOKEN);
        assertThat(events.events(RetryScheduled.class))
                .allMatch(retry -> retry.delay().isZero());
        assertThat(events.kinds())
                .containsExactly(
                        "CallStarted",
                        "AttemptStarted",
                        "FaultDetected",
                        "AttemptFailed",
                        "KeySetAside",
                        "RetryScheduled",
                        "AttemptStarted",
                        "FaultDetected",
                        "AttemptFailed",
                        "KeySetAside",
                        "RetryScheduled",
                        "FailedOver",
                        "AttemptStarted",
                        "FaultDetected",
                        "AttemptFailed",
                        "RetryScheduled",
                        "AttemptStarted",
                        "AttemptSucceeded",
                        "CallSucceeded");
        assertThat(events.events().toString()).doesNotContain("key-of", "token-of", "own-secret");
    }

    @Test
    void whatTheApplicationSignedReachesNobodyElse() throws IOException {
        provider.enqueue(Reply.json(503, "{}"));
        west.enqueue(Reply.json(200, Calls.ANSWER));
        call();
        for (ScriptedProvider each : List.of(provider, west)) {
            assertThat(each.requests()).singleElement().satisfies(request -> {
                assertThat(request.target() + request.headerLines()).doesNotContain("own-secret");
                assertThat(request.target()).endsWith("/chat/completions?a=1");
            });
        }
    }

    @Test
    void theNextCallKnowsWhichKeysAreSetAside() throws IOException {
        provider.enqueue(Reply.json(401, REJECTED), Reply.json(429, LIMITED).header("retry-after", "30"));
        west.always(Reply.json(200, Calls.ANSWER));
        call();
        call();
        assertThat(provider.requests()).hasSize(2);
        assertThat(signatures(west)).containsExactly("Bearer token-of-west-1", "Bearer token-of-west-1");
    }

    @Test
    void aStreamGoesElsewhereBeforeItsFirstToken() throws IOException {
        provider.enqueue(Reply.sse(ROLE, Calls.CHUNK).afterEvent(1).cut());
        west.enqueue(Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]"));
        assertThat(call()).contains("n1", "n2", "[DONE]");
        assertThat(provider.requests()).hasSize(1);
        assertThat(west.requests()).hasSize(1);
        assertThat(west.requests().get(0).bodyText()).isEqualTo(Calls.CHAT);
        assertThat(events.events(LlmEvent.FailedOver.class)).hasSize(1);
    }

    @Test
    void aStreamGoesNowhereAfterItsFirstToken() {
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).cut());
        west.always(Reply.json(200, Calls.ANSWER));
        assertThatThrownBy(this::call)
                .satisfies(thrown -> assertThat(faultOf(thrown).explain()).contains("delivered"));
        assertThat(provider.requests()).hasSize(1);
        assertThat(west.requestsStarted()).isZero();
        assertThat(events.events(RetryScheduled.class)).isEmpty();
    }

    @Test
    void nobodyIsAskedTwiceAtOnceWhereEveryoneIsLimited() {
        provider.always(Reply.json(429, LIMITED).header("retry-after", "3600"));
        west.always(Reply.json(429, LIMITED).header("retry-after", "3600"));
        assertThatThrownBy(() -> {
                    try (Response response = client.newCall(chat()).execute()) {
                        throw new IOException(response.code() + " " + response.header("X-Should-Retry"));
                    }
                })
                .hasMessage("429 false");
        assertThat(provider.requests()).hasSize(2);
        assertThat(west.requests()).hasSize(1);
        assertThat(events.only(LlmEvent.RetryRefused.class).delay()).isGreaterThan(Duration.ofMinutes(59));
    }
}
