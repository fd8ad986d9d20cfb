package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.RetryMode;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.RetryScheduled.Change;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.retry.Retry;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FallbackTest extends RoutedCalls {
    private static final Deployment EAST = Deployment.at("https://east.example").named("east");
    private static final Deployment WEST =
            Deployment.at("https://west.example").named("west").model("big", "big-west");
    private static final Deployment LONG =
            Deployment.at("https://long.example").named("long").model("small", "small-1m");
    private static final FakeTransport.Answer TOO_LONG = FakeTransport.json(
            400,
            "{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens.\","
                    + "\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}}");
    private static final FakeTransport.Answer FILTERED = FakeTransport.json(
            400, "{\"error\":{\"message\":\"The response was filtered\",\"code\":\"content_filter\",\"status\":400}}");
    private static final FakeTransport.Answer NO_MODEL = FakeTransport.json(
            404,
            "{\"error\":{\"message\":\"The model small does not exist\",\"type\":\"invalid_request_error\","
                    + "\"code\":\"model_not_found\"}}");
    private static final FakeTransport.Answer BROKEN = FakeTransport.json(500, "{}");

    private static Route route() {
        return Route.from(BASE).failover(EAST, WEST);
    }

    private static LlmRequest chat() {
        return post("v1/chat/completions", "{\"model\":\"small\"}");
    }

    private List<String> sent(LlmProxy proxy, FakeTransport.Answer... answers) throws IOException {
        return sentBy(proxy, chat(), answers).stream()
                .map(request -> request.url().host() + " " + request.model().orElse(""))
                .toList();
    }

    @Test
    void withoutOneACallGoesNowhereElse() throws IOException {
        assertThat(sent(retrying(route()), TOO_LONG)).containsExactly("east.example small");
        assertThat(sent(retrying(route().fallback(FaultCause.CONTENT_POLICY, LONG)), TOO_LONG))
                .containsExactly("east.example small");
        assertThat(events.events(LlmEvent.RetryScheduled.class)).isEmpty();
    }

    @Test
    void aCallGoesOnAtTheDeploymentThatIsNamedForTheCause() throws IOException {
        Route route = route().fallback(FaultCause.CONTEXT_LENGTH, LONG);
        assertThat(sent(retrying(route), TOO_LONG, FakeTransport.ok()))
                .containsExactly("east.example small", "long.example small-1m");
        LlmEvent.FellBack told = events.only(LlmEvent.FellBack.class);
        assertThat(tuple(told.from(), told.to(), told.model(), told.reason()))
                .isEqualTo(tuple("east", "long", "", FaultCause.CONTEXT_LENGTH));
        LlmEvent.RetryScheduled scheduled = events.only(LlmEvent.RetryScheduled.class);
        assertThat(scheduled.change()).isEqualTo(Change.FALLBACK);
        assertThat(scheduled.reason()).isEqualTo(FaultCause.CONTEXT_LENGTH);
        assertThat(scheduled.delay()).isZero();
        assertThat(events.events(LlmEvent.FailedOver.class)).isEmpty();
        assertThat(events.events(LlmEvent.CallSucceeded.class)).hasSize(1);
    }

    @Test
    void aCallAsksForTheModelThatIsNamedForTheCause() throws IOException {
        Route route = route().fallbackModel(FaultCause.CONTEXT_LENGTH, "big");
        assertThat(sent(retrying(route), TOO_LONG, BROKEN, FakeTransport.ok()))
                .containsExactly("east.example small", "east.example big", "west.example big-west");
        LlmEvent.FellBack told = events.only(LlmEvent.FellBack.class);
        assertThat(tuple(told.from(), told.to(), told.model())).isEqualTo(tuple("east", "east", "big"));
        assertThat(events.only(LlmEvent.FailedOver.class).to()).isEqualTo("west");
    }

    @Test
    void theAnswerOfAnotherModelIsNotOneOfTheModelThatWasAskedFor() throws IOException {
        Route route = route().fallbackModel(FaultCause.CONTEXT_LENGTH, "big");
        sent(retrying(route), TOO_LONG, (request, attempt) -> {
            assertThat(attempt.model()).isEqualTo("big");
            assertThat(attempt.isSameModel()).isFalse();
            return FakeTransport.ok().to(request, attempt);
        });
    }

    @Test
    void aFallbackIsTakenOnce() throws IOException {
        Route route = route().fallbackModel(FaultCause.CONTEXT_LENGTH, "big");
        assertThat(sent(retrying(route), TOO_LONG, TOO_LONG)).hasSize(2);
        assertThat(events.only(LlmEvent.CallFailed.class).fault().cause()).isEqualTo(FaultCause.CONTEXT_LENGTH);
    }

    @Test
    void oneFallbackMayLeadToAnother() throws IOException {
        Route route = route().fallbackModel(FaultCause.CONTEXT_LENGTH, "big").fallback(FaultCause.CONTENT_POLICY, LONG);
        assertThat(sent(retrying(route), TOO_LONG, FILTERED, FakeTransport.ok()))
                .containsExactly("east.example small", "east.example big", "long.example small-1m");
    }

    @Test
    void afterAFallbackToADeploymentTheCallStaysThere() throws IOException {
        Route route = route().fallback(FaultCause.CONTEXT_LENGTH, LONG);
        assertThat(sent(retrying(route), TOO_LONG, BROKEN, FakeTransport.ok()))
                .containsExactly("east.example small", "long.example small-1m", "long.example small-1m");
    }

    @Test
    void anUnknownModelIsAskedForElsewhereBefore() throws IOException {
        Route route = route().fallbackModel(FaultCause.MODEL_UNKNOWN, "big");
        assertThat(sent(retrying(route), NO_MODEL, NO_MODEL, FakeTransport.ok()))
                .containsExactly("east.example small", "west.example small", "west.example big-west");
    }

    @Test
    void whatWasFilteredMayHaveBeenBilledAndSaysSo() throws IOException {
        Route route = route().fallback(FaultCause.CONTENT_POLICY, LONG);
        assertThat(sent(retrying(route), FILTERED, FakeTransport.ok())).hasSize(2);
        assertThat(events.only(LlmEvent.RetryScheduled.class).mayBillTwice()).isTrue();
    }

    @Test
    void whatMayBeBilledTwiceForAFallbackIsCounted() throws IOException {
        LlmProxy proxy = retrying(route().fallback(FaultCause.CONTENT_POLICY, LONG));
        sent(proxy, FILTERED, FakeTransport.ok());
        sent(proxy, FILTERED, FakeTransport.ok());
        assertThat(proxy.retries().possibleDuplicates()).isEqualTo(2);
    }

    @Test
    void theFallbackItselfIsNotRepeatedWhereItMayHaveBeenBilled() throws IOException {
        Route route = route().fallback(FaultCause.CONTENT_POLICY, LONG);
        FakeTransport.Answer again = (request, attempt) -> FILTERED.to(request, attempt).toBuilder()
                .header("x-should-retry", "true")
                .build();
        assertThat(sent(retrying(route), again, again)).containsExactly("east.example small", "long.example small-1m");
        assertThat(events.only(LlmEvent.RetryRefused.class).why()).isEqualTo(LlmEvent.RetryRefused.Why.MAY_HAVE_BILLED);
    }

    @Test
    void aCallThatIsToBeSentOnceIsSentOnce() throws IOException {
        LlmProxy proxy = retrying(route().fallback(FaultCause.CONTEXT_LENGTH, LONG));
        FakeTransport transport = FakeTransport.answering(TOO_LONG);
        proxy.execute(chat(), CallOptions.none().retry(RetryMode.OFF), transport)
                .close();
        assertThat(transport.sent()).hasSize(1);
    }

    @Test
    void aFallbackIsOneOfTheAttempts() throws IOException {
        Route route = route().fallback(FaultCause.CONTEXT_LENGTH, LONG);
        LlmProxy proxy = proxyOf(LlmProxy.builder().route(route).retry(Retry.attempts(2)));
        assertThat(sent(proxy, BROKEN, TOO_LONG)).containsExactly("east.example small", "west.example small");
        assertThat(events.only(LlmEvent.RetryRefused.class).why()).isEqualTo(LlmEvent.RetryRefused.Why.ATTEMPTS);
    }

    @Test
    void fallbacksCostNothingOfTheBudget() throws IOException {
        LlmProxy proxy = proxyOf(LlmProxy.builder()
                .route(route().fallback(FaultCause.CONTEXT_LENGTH, LONG))
                .retry(Retry.attempts(2).budget(0)));
        for (int i = 0; i < 50; i++) {
            assertThat(sent(proxy, TOO_LONG, FakeTransport.ok())).hasSize(2);
        }
    }

    @Test
    void aFallbackToAPlaceThatDoesNotServeSuchCallsIsNone() throws IOException {
        Deployment azure = Deployment.azure("https://own.openai.azure.com", "2024-10-21");
        LlmProxy proxy = retrying(route().fallback(FaultCause.CONTEXT_LENGTH, azure));
        FakeTransport transport = FakeTransport.answering(FakeTransport.json(
                400,
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                        + "\"message\":\"prompt is too long: 300000 tokens > 200000 maximum\"}}"));
        proxy.execute(post("v1/messages", "{\"model\":\"small\"}"), CallOptions.none(), transport)
                .close();
        assertThat(transport.sent()).hasSize(1);
    }

    @Test
    void aDeploymentThatServesAsAFallbackAloneHasItsOwnKeys() throws IOException {
        Deployment signed = LONG.apiKey(ApiKey.of("key-of-long"));
        Route route = route().fallback(FaultCause.CONTEXT_LENGTH, signed);
        assertThat(sentBy(retrying(route), chat(), TOO_LONG, FakeTransport.ok())
                        .get(1)
                        .headers()
                        .get("Authorization"))
                .hasValue("Bearer key-of-long");
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultCause.class,
            names = {"RATE_LIMIT_REQUESTS", "SERVER_ERROR", "CANCELLED", "INVALID_REQUEST"})
    void otherCausesHaveNone(FaultCause cause) {
        assertThatThrownBy(() -> route().fallback(cause, LONG))
                .hasMessage("fallback: for " + cause
                        + " (expected: one of [CONTEXT_LENGTH, MODEL_UNKNOWN, MODEL_RETIRED, CONTENT_POLICY])");
    }

    @Test
    void contradictionsAreRefused() {
        Route route = route().fallback(FaultCause.CONTEXT_LENGTH, LONG);
        assertThatThrownBy(() -> route.fallbackModel(FaultCause.CONTEXT_LENGTH, "big"))
                .hasMessage("fallback: a second one for CONTEXT_LENGTH (expected: one for each cause)");
        assertThatThrownBy(() -> route.fallback(FaultCause.CONTENT_POLICY, EAST.model("a", "b")))
                .hasMessage(
                        "fallback: another deployment is named east (expected: that one, or a name of its own; set it"
                                + " with Deployment.named)");
        assertThatThrownBy(() -> LlmProxy.builder().route(route).build())
                .hasMessageEndingWith(
                        " with retry: none (expected: at least Retry.attempts(2), for a fallback is a second"
                                + " attempt)");
        assertThatThrownBy(() ->
                        LlmProxy.builder().route(route).retry(Retry.attempts(1)).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void printsWhatWasNamed() {
        assertThat(route().fallback(FaultCause.CONTEXT_LENGTH, EAST).fallbackModel(FaultCause.MODEL_UNKNOWN, "big"))
                .hasToString("https://llm.example/ to [east at https://east.example/, west at https://west.example/"
                        + " {big=big-west}] fallbacks {CONTEXT_LENGTH=east at https://east.example/,"
                        + " MODEL_UNKNOWN=model big}");
    }
}
