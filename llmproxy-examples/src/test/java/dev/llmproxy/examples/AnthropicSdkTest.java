package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicIoException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnthropicSdkTest extends SdkTest {
    private static final MessageCreateParams QUESTION = MessageCreateParams.builder()
            .model("claude-sonnet-4-5")
            .maxTokens(100)
            .addUserMessage("Why is the sky blue?")
            .build();

    private final AnthropicClient anthropic = AnthropicSdk.client(wrapped, provider.url());

    @AfterEach
    void closeTheSdk() {
        anthropic.close();
    }

    private AnthropicOkHttpClient.Builder sdk() {
        return AnthropicOkHttpClient.builder()
                .baseUrl(provider.url())
                .apiKey("sk-ant-example-0123456789abcdefghij")
                .maxRetries(0);
    }

    private AnthropicOkHttpClient.Builder wrappedSdk() {
        return sdk().addInterceptor(next -> new AnthropicOverOkHttp(wrapped, next));
    }

    private static Message ask(AnthropicClient client) {
        return client.messages().create(QUESTION);
    }

    private static List<RawMessageStreamEvent> stream(AnthropicClient client) {
        List<RawMessageStreamEvent> events = new ArrayList<>();
        readInto(events, client);
        return events;
    }

    private static void readInto(List<RawMessageStreamEvent> events, AnthropicClient client) {
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(QUESTION)) {
            stream.stream().forEach(events::add);
        }
    }

    private <E extends AnthropicException> E failure(Class<E> type) {
        return catchThrowableOfType(type, () -> ask(anthropic));
    }

    private static Reply error(int status, String type, String message) {
        return Reply.json(
                status,
                "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\"},"
                        + "\"request_id\":\"req_1\"}");
    }

    private static Reply rateLimit() {
        return error(
                        429,
                        "rate_limit_error",
                        "This request would exceed your organization's rate limit of 50 requests per minute.")
                .header("Retry-After", "20");
    }

    @Test
    void aPlainAnswerIsTheSameAsWithoutTheProxy() {
        enqueueTwice(Replies.message("Blue light is scattered most."));
        Message direct = ask(sdk().build());
        assertThat(ask(anthropic)).isEqualTo(direct);
        assertThat(direct.content().get(0).asText().text()).isEqualTo("Blue light is scattered most.");
        assertThat(events.only(LlmEvent.CallSucceeded.class).call().dialect()).hasValue("anthropic");
    }

    @Test
    void aStreamIsTheSameAsWithoutTheProxy() {
        enqueueTwice(Replies.messageStream("Blue ", "light ", "is"));
        List<RawMessageStreamEvent> direct = stream(sdk().build());
        assertThat(stream(anthropic)).isEqualTo(direct).hasSize(8);
        assertThat(events.only(LlmEvent.CallSucceeded.class).status()).isEqualTo(200);
    }

    @Test
    void theRequestIsTheSameAsWithoutTheProxy() {
        enqueueTwice(Replies.message("yes"));
        ask(sdk().build());
        ask(anthropic);
        ReceivedRequest direct = provider.requests().get(0);
        ReceivedRequest sent = provider.requests().get(1);
        assertThat(sent.target()).isEqualTo(direct.target());
        assertThat(sent.bodyText()).isEqualTo(direct.bodyText()).contains("Why is the sky blue?");
        assertThat(sent.header("Authorization")).isEqualTo(direct.header("Authorization"));
        assertThat(sent.header("anthropic-version")).isPresent().isEqualTo(direct.header("anthropic-version"));
        assertThat(sent.headerLines())
                .noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("llmproxy"));
    }

    @Test
    void anAsynchronousAnswerPassesThroughTheProxy() throws Exception {
        provider.enqueue(Replies.message("yes"));
        Message answer = anthropic.async().messages().create(QUESTION).get(2, TimeUnit.MINUTES);
        assertThat(answer.content().get(0).asText().text()).isEqualTo("yes");
        assertThat(events.only(LlmEvent.CallSucceeded.class).attempts()).isEqualTo(1);
    }

    @Test
    void anAsynchronousFailureIsFoundInTheException() {
        provider.close();
        CompletableFuture<Message> answer = anthropic.async().messages().create(QUESTION);
        assertThat(answer)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .satisfies(thrown -> assertFound(FaultCause.REFUSED, thrown));
    }

    @Test
    void aRefusedConnectionIsFoundInTheException() {
        provider.close();
        assertFound(FaultCause.REFUSED, failure(AnthropicIoException.class));
    }

    @Test
    void aStalledAnswerIsFoundInTheException() {
        provider.enqueue(Replies.message("Blue light").atByte(100).stall());
        assertFound(FaultCause.BODY_STALLED, failure(AnthropicException.class));
    }

    @Test
    void aStalledStreamIsFoundInTheExceptionAfterWhatArrived() {
        provider.enqueue(
                Replies.messageStream("Blue ", "light ", "is").afterEvent(4).stall());
        List<RawMessageStreamEvent> arrived = new ArrayList<>();
        AnthropicIoException thrown =
                catchThrowableOfType(AnthropicIoException.class, () -> readInto(arrived, anthropic));
        assertFound(FaultCause.STREAM_STALLED, thrown);
        assertThat(arrived).hasSize(4);
    }

    @Test
    void theSdksOwnTimeoutIsFoundInTheException() {
        AnthropicClient impatient = wrappedSdk().timeout(Duration.ofMillis(400)).build();
        provider.enqueue(Reply.none());
        AnthropicException thrown = catchThrowableOfType(AnthropicException.class, () -> ask(impatient));
        assertFound(FaultCause.CLIENT_CALL_TIMEOUT, thrown);
    }

    @Test
    void aRateLimitIsToldByItsHeaderAndTheEvent() {
        provider.enqueue(rateLimit());
        assertHandedOn(FaultCause.RATE_LIMIT_REQUESTS, failure(RateLimitException.class));
    }

    @Test
    void aWrongKeyIsToldByItsHeaderAndTheEvent() {
        provider.enqueue(error(401, "authentication_error", "invalid x-api-key"));
        assertHandedOn(FaultCause.KEY_INVALID, failure(UnauthorizedException.class));
    }

    private void assertHandedOn(FaultCause cause, AnthropicServiceException thrown) {
        assertThat(thrown.headers().values("X-LlmProxy-Fault")).containsExactly(cause.code());
        assertTold(cause);
    }

    @Test
    void retriesOfTheSdkAreCallsOfTheirOwn() {
        AnthropicClient retrying = wrappedSdk().maxRetries(2).build();
        provider.always(rateLimit().header("Retry-After-Ms", "1"));
        RateLimitException thrown = catchThrowableOfType(RateLimitException.class, () -> ask(retrying));
        assertThat(thrown.headers().values("X-LlmProxy-Attempts")).containsExactly("1");
        assertThat(provider.requests()).hasSize(3);
        assertThat(events.events(LlmEvent.CallFailed.class)).hasSize(3).allMatch(call -> call.attempts() == 1);
    }
}
