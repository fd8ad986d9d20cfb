package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OpenAiSdkTest extends SdkTest {
    private static final ChatCompletionCreateParams QUESTION = ChatCompletionCreateParams.builder()
            .model("gpt-4o-mini")
            .addUserMessage("Why is the sky blue?")
            .build();

    private final OpenAIClient openai = OpenAiSdk.client(wrapped, provider.url("/v1"));

    private OpenAIOkHttpClient.Builder sdk() {
        return OpenAIOkHttpClient.builder()
                .baseUrl(provider.url("/v1"))
                .apiKey("sk-example-0123456789abcdefghij")
                .maxRetries(0);
    }

    private static ChatCompletion ask(OpenAIClient client) {
        return client.chat().completions().create(QUESTION);
    }

    private static List<ChatCompletionChunk> stream(OpenAIClient client) {
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        readInto(chunks, client);
        return chunks;
    }

    private static void readInto(List<ChatCompletionChunk> chunks, OpenAIClient client) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(QUESTION)) {
            stream.stream().forEach(chunks::add);
        }
    }

    private <E extends OpenAIException> E failure(Class<E> type) {
        return catchThrowableOfType(type, () -> ask(openai));
    }

    @Test
    void aPlainAnswerIsTheSameAsWithoutTheProxy() {
        enqueueTwice(Replies.chat("Blue light is scattered most."));
        ChatCompletion direct = ask(sdk().build());
        assertThat(ask(openai)).isEqualTo(direct);
        assertThat(direct.choices().get(0).message().content()).hasValue("Blue light is scattered most.");
        assertThat(events.only(LlmEvent.CallSucceeded.class).call().dialect()).hasValue("openai-chat");
    }

    @Test
    void aStreamIsTheSameAsWithoutTheProxy() {
        enqueueTwice(Replies.chatStream("Blue ", "light ", "is"));
        List<ChatCompletionChunk> direct = stream(sdk().build());
        assertThat(stream(openai)).isEqualTo(direct).hasSize(4);
        assertThat(events.only(LlmEvent.CallSucceeded.class).status()).isEqualTo(200);
    }

    @Test
    void theRequestIsTheSameAsWithoutTheProxy() {
        enqueueTwice(Replies.chat("yes"));
        ask(sdk().build());
        ask(openai);
        ReceivedRequest direct = provider.requests().get(0);
        ReceivedRequest sent = provider.requests().get(1);
        assertThat(sent.target()).isEqualTo(direct.target());
        assertThat(sent.bodyText()).isEqualTo(direct.bodyText()).contains("Why is the sky blue?");
        assertThat(sent.header("Authorization")).isEqualTo(direct.header("Authorization"));
        assertThat(sent.headerLines())
                .noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("llmproxy"));
    }

    @Test
    void anAsynchronousAnswerPassesThroughTheProxy() throws Exception {
        provider.enqueue(Replies.chat("yes"));
        ChatCompletion answer =
                openai.async().chat().completions().create(QUESTION).get(2, TimeUnit.MINUTES);
        assertThat(answer.choices().get(0).message().content()).hasValue("yes");
        assertThat(events.only(LlmEvent.CallSucceeded.class).attempts()).isEqualTo(1);
    }

    @Test
    void aRefusedConnectionIsFoundInTheException() {
        provider.close();
        assertFound(FaultCause.REFUSED, failure(OpenAIIoException.class));
    }

    @Test
    void aStalledAnswerIsFoundInTheException() {
        provider.enqueue(Replies.chat("Blue light").atByte(100).stall());
        assertFound(FaultCause.BODY_STALLED, failure(OpenAIException.class));
    }

    @Test
    void aStalledStreamIsFoundInTheExceptionAfterWhatArrived() {
        provider.enqueue(
                Replies.chatStream("Blue ", "light ", "is").afterEvent(2).stall());
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        OpenAIIoException thrown = catchThrowableOfType(OpenAIIoException.class, () -> readInto(chunks, openai));
        assertFound(FaultCause.STREAM_STALLED, thrown);
        assertThat(chunks).hasSize(2);
    }

    @Test
    void theSdksOwnTimeoutIsFoundInTheException() {
        OpenAIClient impatient =
                sdk().okHttpClient(wrapped).timeout(Duration.ofMillis(400)).build();
        provider.enqueue(Reply.none());
        OpenAIException thrown = catchThrowableOfType(OpenAIException.class, () -> ask(impatient));
        assertFound(FaultCause.CLIENT_CALL_TIMEOUT, thrown);
    }

    @Test
    void aRateLimitIsToldByItsHeaderAndTheEvent() {
        provider.enqueue(Replies.rateLimit());
        assertHandedOn(FaultCause.RATE_LIMIT_REQUESTS, failure(RateLimitException.class));
    }

    @Test
    void aWrongKeyIsToldByItsHeaderAndTheEvent() {
        provider.enqueue(Replies.wrongKey());
        assertHandedOn(FaultCause.KEY_INVALID, failure(UnauthorizedException.class));
    }

    private void assertHandedOn(FaultCause cause, OpenAIServiceException thrown) {
        assertThat(thrown.headers().values("X-LlmProxy-Fault")).containsExactly(cause.code());
        assertTold(cause);
    }

    @Test
    void retriesOfTheSdkAreCallsOfTheirOwn() {
        OpenAIClient retrying = sdk().okHttpClient(wrapped).maxRetries(2).build();
        provider.always(Replies.rateLimit().header("Retry-After-Ms", "1"));
        RateLimitException thrown = catchThrowableOfType(RateLimitException.class, () -> ask(retrying));
        assertThat(thrown.headers().values("X-LlmProxy-Attempts")).containsExactly("1");
        assertThat(provider.requests()).hasSize(3);
        assertThat(events.events(LlmEvent.CallFailed.class)).hasSize(3).allMatch(call -> call.attempts() == 1);
    }
}
