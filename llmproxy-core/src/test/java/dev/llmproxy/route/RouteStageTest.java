package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Choice;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouteStageTest {
    private static final String BASE = "https://llm.example/v1";
    private static final String REJECTED =
            "{\"error\":{\"message\":\"Incorrect API key\",\"code\":\"invalid_api_key\"}}";
    private static final Deployment EAST =
            Deployment.at("https://east.example/v1").named("east").apiKey(ApiKey.of("key-of-east"));
    private static final Deployment WEST =
            Deployment.at("https://west.example/openai").named("west").apiKey(ApiKey.of("key-of-west"));
    private static final Deployment SPARE =
            Deployment.at("https://spare.example").named("spare");

    private final RecordingListener events = new RecordingListener();
    private final Deque<Alternative> script = new ArrayDeque<>();
    private LlmProxy proxy = proxyOf(LlmProxy.builder().route(Route.from(BASE).failover(EAST, WEST, SPARE)));

    private LlmProxy proxyOf(LlmProxy.Builder builder) {
        return builder.ticker(new FakeTicker())
                .listener(events)
                .aroundCall(this::repeat)
                .build();
    }

    // Sends again as the script says, where that is offered.
    private LlmResponse repeat(LlmRequest request, Stage.Chain chain) throws IOException {
        LlmResponse response = chain.proceed(request);
        Choice choice = chain.call().choice();
        for (Alternative next = script.poll(); next != null && choice.offers(next); next = script.poll()) {
            response.close();
            choice.take(next);
            response = chain.proceed(request);
        }
        return response;
    }

    @AfterEach
    void closes() {
        proxy.close();
        events.assertBalanced();
    }

    private static LlmRequest chat() {
        return FakeTransport.chat(BASE + "/chat/completions");
    }

    private List<LlmRequest> sent(LlmRequest request, FakeTransport.Answer... answers) throws IOException {
        FakeTransport transport = FakeTransport.answering(answers);
        proxy.execute(request, CallOptions.none(), transport).close();
        return transport.sent();
    }

    @Test
    void theFirstDeploymentGetsTheCallSignedWithItsOwnKey() throws IOException {
        LlmRequest sent = sent(chat(), FakeTransport.ok()).get(0);
        assertThat(sent.url().href()).isEqualTo("https://east.example/v1/chat/completions");
        assertThat(sent.headers().get("Authorization")).hasValue("Bearer key-of-east");
        assertThat(events.only(LlmEvent.AttemptStarted.class).deployment()).isEqualTo("east");
    }

    @Test
    void whoeverRepeatsGetsToTheNextOnes() throws IOException {
        script.addAll(
                List.of(Alternative.NONE, Alternative.DEPLOYMENT, Alternative.DEPLOYMENT, Alternative.DEPLOYMENT));
        FakeTransport.Answer failing = FakeTransport.json(500, "{}");
        List<LlmRequest> sent = sent(chat(), failing, failing, failing, FakeTransport.ok());
        assertThat(sent)
                .extracting(request -> request.url().href())
                .containsExactly(
                        "https://east.example/v1/chat/completions",
                        "https://east.example/v1/chat/completions",
                        "https://west.example/openai/chat/completions",
                        "https://spare.example/chat/completions");
        assertThat(events.events(LlmEvent.FailedOver.class))
                .extracting(LlmEvent.FailedOver::from, LlmEvent.FailedOver::to, LlmEvent.FailedOver::reason)
                .containsExactly(
                        tuple("east", "west", FaultCause.SERVER_ERROR),
                        tuple("west", "spare", FaultCause.SERVER_ERROR));
    }

    @Test
    void theEndsOfAttemptsTellWhereTheyWereSent() throws IOException {
        script.add(Alternative.DEPLOYMENT);
        sent(chat(), FakeTransport.json(500, "{}"), FakeTransport.ok());
        assertThat(events.only(LlmEvent.AttemptFailed.class).origin()).hasToString("https://east.example");
        assertThat(events.only(LlmEvent.AttemptSucceeded.class).origin()).hasToString("https://west.example");
    }

    @Test
    void aDeploymentWhoseKeyIsRejectedIsPassedOverByLaterCalls() throws IOException {
        sent(chat(), FakeTransport.json(401, REJECTED));
        assertThat(sent(chat(), FakeTransport.ok()).get(0).url().host()).isEqualTo("west.example");
    }

    @Test
    void whatTheApplicationSignedForItsBaseGoesNowhereElse() throws IOException {
        proxy.close();
        proxy = proxyOf(LlmProxy.builder().route(Route.from(BASE).failover(SPARE)));
        LlmRequest request = FakeTransport.chat(BASE + "/chat/completions?key=secret&a=1&api_key=secret").toBuilder()
                .header("Authorization", "Bearer secret")
                .header("x-api-key", "secret")
                .header("api-key", "secret")
                .header("x-goog-api-key", "secret")
                .header("Cookie", "session=secret")
                .header("Host", "llm.example")
                .header("Ocp-Apim-Subscription-Key", "secret")
                .header("X-Amz-Security-Token", "secret")
                .header("cf-aig-authorization", "secret")
                .header("X-Own", "kept")
                .header("Idempotency-Key", "kept")
                .build();
        LlmRequest sent = sent(request, FakeTransport.ok()).get(0);
        assertThat(sent.url().href()).isEqualTo("https://spare.example/chat/completions?a=1");
        assertThat(sent.headers()).hasToString("[idempotency-key, x-own]");
        assertThat(sent.headers().get("X-Own")).hasValue("kept");
    }

    @Test
    void aDeploymentAtTheBaseItselfKeepsWhatTheApplicationSigned() throws IOException {
        proxy.close();
        proxy = proxyOf(LlmProxy.builder().route(Route.from(BASE).failover(Deployment.at("https://llm.example/v2"))));
        LlmRequest request =
                chat().toBuilder().header("Authorization", "Bearer own").build();
        assertThat(sent(request, FakeTransport.ok()).get(0).headers().get("Authorization"))
                .hasValue("Bearer own");
    }

    @Test
    void aDeploymentWithoutKeysIsSignedByTheCredentialsOfItsOrigin() throws IOException {
        proxy.close();
        proxy = proxyOf(LlmProxy.builder()
                .credentials(Credentials.bearer("https://spare.example", ApiKey.of("key-of-spare")))
                .route(Route.from(BASE).failover(SPARE)));
        assertThat(sent(chat(), FakeTransport.ok()).get(0).headers().get("Authorization"))
                .hasValue("Bearer key-of-spare");
    }

    @Test
    void aFaultNamesTheDeploymentAndItsHost() throws IOException {
        sent(chat(), FakeTransport.json(500, "{}"));
        assertThat(events.faults().get(0).where()).isEqualTo("east.example gpt-4o at east attempt 1");
    }

    @Test
    void otherCallsGoWhereTheApplicationSendsThem() throws IOException {
        LlmRequest sent = sent(FakeTransport.chat(), FakeTransport.ok()).get(0);
        assertThat(sent.url().host()).isEqualTo("api.openai.com");
    }
}
