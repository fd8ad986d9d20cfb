package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LangChain4jSdkTest extends SdkTest {
    private final HttpClient http = new LangChain4jOverOkHttp(wrapped);

    private HttpRequest.Builder request() {
        return HttpRequest.builder().method(HttpMethod.POST).url(provider.url("/v1/chat/completions"));
    }

    private HttpRequest question() {
        return request()
                .addHeader("Content-Type", "application/json")
                .body("{\"model\":\"gpt-4o-mini\",\"stream\":true,\"messages\":[]}")
                .build();
    }

    /** Keeps what it is told. */
    private static class Heard implements ServerSentEventListener {
        private final BlockingQueue<Object> all = new LinkedBlockingQueue<>();

        @Override
        public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
            all.add(context);
        }

        @Override
        public void onError(Throwable thrown) {
            all.add(thrown);
        }

        @Override
        public void onClose() {
            all.add("closed");
        }

        Object next() throws InterruptedException {
            return Objects.requireNonNull(all.poll(20, TimeUnit.SECONDS), "told in time");
        }
    }

    private Heard heard(Heard listener, Reply reply) {
        provider.enqueue(reply);
        http.execute(question(), listener);
        return listener;
    }

    @Test
    void aStreamIsClosedOnce() throws Exception {
        Heard heard = heard(new Heard(), Replies.chatStream("Blue"));
        for (int event = 0; event < 3; event++) {
            assertThat(heard.next()).isInstanceOf(ServerSentEventContext.class);
        }
        assertThat(heard.next()).isEqualTo("closed");
        assertThat(events.only(LlmEvent.CallSucceeded.class).exhausted()).isTrue();
        assertThat(heard.all).isEmpty();
    }

    @Test
    void aBrokenStreamIsNotClosedAfterItsError() throws Exception {
        Heard heard =
                heard(new Heard(), Replies.chatStream("Blue").afterEvent(1).cut());
        assertThat(heard.next()).isInstanceOf(ServerSentEventContext.class);
        assertFound(FaultCause.TRUNCATED_CHUNKS, (Throwable) heard.next());
        finishCalls();
        assertThat(heard.all).isEmpty();
    }

    @Test
    void aStreamIsCancelledFromAnotherThreadWhileItIsSilent() throws Exception {
        Heard heard =
                heard(new Heard(), Replies.chatStream("Blue").afterEvent(1).stall());
        ((ServerSentEventContext) heard.next()).parsingHandle().cancel();
        assertThat(heard.next()).matches(end -> end instanceof IOException || end.equals("closed"));
        finishCalls();
        assertThat(events.only(LlmEvent.CallCancelled.class).attempts()).isEqualTo(1);
    }

    @Test
    void anEventThatTheListenerCannotTakeEndsTheStream() throws Exception {
        Heard failing = new Heard() {
            @Override
            public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
                throw new IllegalStateException("not mine");
            }
        };
        Heard heard = heard(failing, Replies.chatStream("Blue", "light"));
        assertThat(heard.next()).isInstanceOf(IllegalStateException.class);
        finishCalls();
        assertThat(heard.all).isEmpty();
    }

    @Test
    void aFormIsSentInParts() throws Exception {
        provider.enqueue(Reply.json(200, "{}"));
        HttpRequest form = HttpRequest.builder()
                .method(HttpMethod.POST)
                .url(provider.url("/v1/audio/transcriptions"))
                .addFormDataField("model", "whisper-1")
                .addFormDataFile("file", "a.wav", "audio/wav", new byte[] {'R', 'I', 'F', 'F'})
                .build();
        assertThat(http.execute(form).body()).isEqualTo("{}");
        ReceivedRequest sent = provider.requests().get(0);
        assertThat(sent.header("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("multipart/form-data; boundary="));
        assertThat(sent.bodyText()).contains("name=\"model\"", "whisper-1", "filename=\"a.wav\"", "RIFF");
    }

    // What is still to be told is told before the threads end.
    private void finishCalls() throws InterruptedException {
        wrapped.dispatcher().executorService().shutdown();
        assertThat(wrapped.dispatcher().executorService().awaitTermination(2, TimeUnit.MINUTES))
                .isTrue();
    }
}
