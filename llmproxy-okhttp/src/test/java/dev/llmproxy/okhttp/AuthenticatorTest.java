package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Authenticator;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** A user's own authenticator works, and what it answers is an attempt of its own. */
class AuthenticatorTest extends OkHttpTest {
    private OkHttpClient with(Authenticator authenticator) {
        return wrapped(new OkHttpClient.Builder().authenticator(authenticator).build(), LlmProxy.builder());
    }

    private static Request signed(Response refused) {
        return refused.request()
                .newBuilder()
                .header("Authorization", "Bearer fresh")
                .build();
    }

    @Test
    void itsAnswerIsSentOnceMoreWithTheWholeBody() throws IOException {
        provider.enqueue(Reply.status(401), Reply.json(200, Calls.ANSWER));
        try (Response response = with((route, refused) -> signed(refused))
                .newCall(Calls.chat(chatUrl()))
                .execute()) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.header("X-LlmProxy-Attempts")).isEqualTo("2");
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
        }
        assertThat(provider.requests().get(1).bodyText()).isEqualTo(Calls.CHAT);
        assertThat(provider.requests().get(1).header("Authorization")).hasValue("Bearer fresh");
        assertThat(events.kinds())
                .containsExactly(
                        "CallStarted",
                        "AttemptStarted",
                        "FaultDetected",
                        "AttemptFailed",
                        "RetryScheduled",
                        "AttemptStarted",
                        "AttemptSucceeded",
                        "CallSucceeded");
        assertThat(events.only(LlmEvent.RetryScheduled.class).attempt()).isEqualTo(2);
    }

    @Test
    void itIsAskedOnce() throws IOException {
        provider.always(Reply.status(401));
        AtomicInteger asked = new AtomicInteger();
        try (Response response = with((route, refused) -> {
                    asked.incrementAndGet();
                    return signed(refused);
                })
                .newCall(Calls.chat(chatUrl()))
                .execute()) {
            assertThat(response.code()).isEqualTo(401);
        }
        assertThat(asked).hasValue(1);
        assertThat(provider.requests()).hasSize(2);
    }

    @Test
    void whatItSendsAgainCountsAsAnAttemptOfTheRetries() throws IOException {
        provider.always(Reply.status(401));
        OkHttpClient own = new OkHttpClient.Builder()
                .authenticator((route, refused) -> signed(refused))
                .build();
        Credentials keys = Credentials.bearer(provider.url(), ApiKey.of("key-1"))
                .or(ApiKey.of("key-2"), ApiKey.of("key-3"), ApiKey.of("key-4"));
        OkHttpClient client = wrapped(own, LlmProxy.builder().credentials(keys).retry(Retry.attempts(4)));
        client.newCall(Calls.chat(chatUrl())).execute().close();
        assertThat(provider.requests()).hasSize(4);
    }

    @Test
    void itIsNotAskedWhereARouteHasLedToAnotherHost() throws IOException {
        provider.always(Reply.status(401));
        OkHttpClient own = new OkHttpClient.Builder()
                .authenticator((route, refused) -> signed(refused))
                .build();
        OkHttpClient client = wrapped(
                own,
                LlmProxy.builder().route(Route.from("http://llm.example").failover(Deployment.at(provider.url()))));
        client.newCall(Calls.chat("http://llm.example/v1/chat/completions"))
                .execute()
                .close();
        assertThat(provider.requests()).hasSize(1);
        assertThat(provider.requests().get(0).header("Authorization")).isEmpty();
    }

    @Test
    void givingUpHandsTheRefusalOn() throws IOException {
        provider.enqueue(Reply.json(401, "{\"error\":{\"message\":\"bad key\"}}"));
        try (Response response =
                with((route, refused) -> null).newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.code()).isEqualTo(401);
            assertThat(response.body().string()).contains("bad key");
        }
        assertThat(provider.requests()).hasSize(1);
    }

    @Test
    void itsFailureEndsTheCallAndLeavesNoConnectionBehind() {
        provider.enqueue(Reply.json(401, "x".repeat(1 << 20)));
        OkHttpClient client = with((route, refused) -> {
            throw new IOException("no token");
        });
        assertThatThrownBy(() -> client.newCall(Calls.chat(chatUrl())).execute())
                .isInstanceOfSatisfying(
                        LlmFaultException.class,
                        e -> assertThat(e.fault().cause()).isEqualTo(FaultCause.CREDENTIAL_SOURCE))
                .hasRootCauseMessage("no token");
        assertThat(client.connectionPool().connectionCount())
                .isEqualTo(client.connectionPool().idleConnectionCount());
    }

    @Test
    void anAnswerForAnotherOriginIsNotSent() throws IOException {
        try (ScriptedProvider foreign = ScriptedProvider.start()) {
            provider.enqueue(Reply.status(401));
            try (Response response = with((route, refused) -> signed(refused)
                            .newBuilder()
                            .url(foreign.url("/v1/chat/completions"))
                            .build())
                    .newCall(Calls.chat(chatUrl()))
                    .execute()) {
                assertThat(response.code()).isEqualTo(401);
            }
            assertThat(foreign.connectionsOpened()).isZero();
        }
    }

    @Test
    void aRequestWithoutABodyIsFollowedUpByOkHttpItself() throws IOException {
        provider.enqueue(Reply.status(401), Reply.json(200, "{\"data\":[]}"));
        Request models = new Request.Builder().url(provider.url("/v1/models")).build();
        try (Response response =
                with((route, refused) -> signed(refused)).newCall(models).execute()) {
            assertThat(response.code()).isEqualTo(200);
        }
        assertThat(provider.requests()).hasSize(2);
    }
}
