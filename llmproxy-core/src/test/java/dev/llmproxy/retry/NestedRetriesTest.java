package dev.llmproxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.RetryMode;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.RetryRefused.Why;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NestedRetriesTest extends RetriedCalls {
    private static LlmRequest bySdk(String count) {
        return FakeTransport.chat().toBuilder()
                .header("X-Stainless-Retry-Count", count)
                .build();
    }

    private void fail(LlmProxy proxy, LlmRequest request) throws IOException {
        call(proxy, request, FakeTransport.answering(status(503), status(503))).close();
    }

    private LlmEvent.RetriesNested nested() {
        return events.only(LlmEvent.RetriesNested.class);
    }

    @Test
    void anSdkThatSaysThatItRepeatsIsLeftToIt() throws IOException {
        fail(proxy(Retry.attempts(2)), bySdk("2"));
        assertThat(events.events(LlmEvent.AttemptStarted.class)).hasSize(1);
        assertThat(nested().layer()).isEqualTo("the SDK above, which says so (X-Stainless-Retry-Count: 2)");
        assertThat(nested().amplification()).isEqualTo(3);
        assertThat(nested().remedy()).endsWith("OpenAIOkHttpClient.builder().maxRetries(0)");
        assertThat(events.only(LlmEvent.RetryRefused.class).why()).isEqualTo(Why.NESTED);
        assertThat(events.only(LlmEvent.CallFailed.class).fault().evidence("sent again by"))
                .hasValue("the SDK above, which says so (X-Stainless-Retry-Count: 2)");
    }

    @Test
    void theRemedyNamesTheSdkOfTheDialect() throws IOException {
        LlmRequest request = FakeTransport.chat("https://api.anthropic.com/v1/messages").toBuilder()
                .header("X-Stainless-Retry-Count", "1")
                .build();
        fail(proxy(Retry.attempts(2)), request);
        assertThat(nested().remedy()).endsWith("AnthropicOkHttpClient.builder().maxRetries(0)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "", "one", "99999999999"})
    void aCountThatSaysNothingIsNoSign(String count) throws IOException {
        fail(proxy(Retry.attempts(2)), bySdk(count));
        assertThat(events.events(LlmEvent.AttemptStarted.class)).hasSize(2);
        assertThat(events.events(LlmEvent.RetriesNested.class)).isEmpty();
    }

    @Test
    void anSdkCallThatSucceedsIsNotRemarked() throws IOException {
        call(proxy(Retry.attempts(2)), bySdk("2"), FakeTransport.answering(FakeTransport.ok()))
                .close();
        assertThat(events.events(LlmEvent.RetriesNested.class)).isEmpty();
    }

    @Test
    void theSameRequestRightAfterItsFaultIsSentOnceAndAddsUp() throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(2));
        fail(proxy, FakeTransport.chat());
        ticker.advance(Duration.ofSeconds(1));
        fail(proxy, FakeTransport.chat());
        assertThat(nested().amplification()).isEqualTo(3);
        ticker.advance(Duration.ofSeconds(1));
        fail(proxy, FakeTransport.chat());
        assertThat(events.events(LlmEvent.RetriesNested.class).get(1).amplification())
                .isEqualTo(4);
        assertThat(events.events(LlmEvent.AttemptStarted.class)).hasSize(4);
        assertThat(proxy.retries().nested()).isEqualTo(2);
    }

    @Test
    void theSameRequestLongAfterItsFaultIsACallLikeAnyOther() throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(2));
        fail(proxy, FakeTransport.chat());
        ticker.advance(Duration.ofSeconds(21));
        fail(proxy, FakeTransport.chat());
        assertThat(events.events(LlmEvent.RetriesNested.class)).isEmpty();
    }

    @Test
    void anEqualRequestThatWasOnItsWayAlreadyIsNoRepeat() throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(2));
        FakeTransport outer = FakeTransport.answering(
                (request, attempt) -> {
                    fail(proxy, FakeTransport.chat());
                    ticker.advance(Duration.ofMillis(5));
                    return status(503).to(request, attempt);
                },
                FakeTransport.ok());
        ticker.advance(Duration.ofMillis(5));
        call(proxy, FakeTransport.chat(), outer).close();
        assertThat(events.events(LlmEvent.RetriesNested.class)).isEmpty();
    }

    @Test
    void aCallThatWasNotToBeRepeatedLeavesNoTrace() throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(2).mode(RetryMode.OFF));
        fail(proxy, FakeTransport.chat());
        fail(proxy, FakeTransport.chat());
        assertThat(events.events(LlmEvent.RetriesNested.class)).isEmpty();
    }

    @Test
    void anHttpClientThatSendsMoreThanItWasToldIsNamed() throws IOException {
        FakeTransport.Answer twice = (request, attempt) -> {
            attempt.sending().onWire();
            attempt.sending().onWire();
            return status(503).to(request, attempt);
        };
        call(proxy(Retry.attempts(3)), twice).close();
        assertThat(nested().layer()).isEqualTo("the HTTP client below, which sent one attempt 2 times");
        assertThat(nested().remedy()).contains("retryOnConnectionFailure(false)");
    }
}
