package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIIoException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.testing.LeakCheck;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An SDK that was left its own two retries, over a proxy that makes two attempts: together that could be six. */
@ExtendWith(LeakCheck.class)
class RetriesUnderAnSdkTest {
    private final ScriptedProvider provider = ScriptedProvider.start();
    private final RecordingListener events = new RecordingListener();

    private void ask(LlmProxy.Builder builder) {
        LlmProxy proxy = builder.retry(Retry.attempts(2)).listener(events).build();
        OkHttpClient wrapped = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        OpenAIClient sdk = OpenAIOkHttpClient.builder()
                .okHttpClient(wrapped)
                .baseUrl(provider.url("/v1"))
                .apiKey("sk-example-0123456789abcdefghij")
                .build();
        try {
            var unused = sdk.chat()
                    .completions()
                    .create(ChatCompletionCreateParams.builder()
                            .model("gpt-4o-mini")
                            .addUserMessage("Why is the sky blue?")
                            .build());
        } finally {
            wrapped.dispatcher().executorService().shutdown();
            wrapped.connectionPool().evictAll();
            proxy.close();
        }
    }

    @AfterEach
    void close() {
        provider.close();
        events.assertBalanced();
    }

    @Test
    void aRefusalTellsTheSdkThatItWasRetriedEnough() {
        provider.always(Reply.json(503, "{}"));
        assertThatThrownBy(() -> ask(LlmProxy.builder())).isInstanceOf(InternalServerException.class);
        assertThat(provider.requestsStarted()).isEqualTo(2);
    }

    @Test
    void whereThereIsNoResponseTheRepeatsOfTheSdkAreSentOnceAndTold() {
        provider.always(Reply.json(200, "{}").afterRequest().reset());
        assertThatThrownBy(() -> ask(LlmProxy.builder())).isInstanceOf(OpenAIIoException.class);
        assertThat(provider.requestsStarted()).isEqualTo(4);
        assertThat(events.events(LlmEvent.RetriesNested.class))
                .extracting(LlmEvent.RetriesNested::amplification)
                .containsExactly(3.0, 4.0);
    }

    @Test
    void aFaultAsAResponseTellsItToo() {
        provider.always(Reply.json(200, "{}").afterRequest().reset());
        assertThatThrownBy(() -> ask(LlmProxy.builder().faultsAsResponses()))
                .isInstanceOf(InternalServerException.class)
                .hasMessageContaining("502");
        assertThat(provider.requestsStarted()).isEqualTo(2);
    }
}
