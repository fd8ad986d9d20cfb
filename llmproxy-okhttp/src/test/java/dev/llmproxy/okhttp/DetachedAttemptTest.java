package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.Transport;
import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** An attempt that runs beside the caller's call: the ground for hedges and shared flights. */
class DetachedAttemptTest extends OkHttpTest {
    /** Sends every attempt detached, and remembers the last of these transports. */
    private static Stage detaching(AtomicReference<Transport> last) {
        return (request, chain) -> {
            Transport detached = chain.call().transport().detach().orElseThrow();
            last.set(detached);
            return detached.send(request, chain.attempt());
        };
    }

    private OkHttpClient client(OkHttpClient plain, AtomicReference<Transport> last) {
        return wrapped(plain, LlmProxy.builder().aroundAttempt(detaching(last)));
    }

    @Test
    void answersLikeTheCallItself() throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        try (Response response = client(new OkHttpClient(), new AtomicReference<>())
                .newCall(Calls.chat(chatUrl()))
                .execute()) {
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
        }
        assertThat(provider.requests()).hasSize(1);
        assertThat(provider.requests().get(0).bodyText()).isEqualTo(Calls.CHAT);
    }

    @Test
    void sendsTheAttemptsOwnRequestWhateverInterceptorsBeforeChange() throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        AtomicInteger runs = new AtomicInteger();
        OkHttpClient plain = new OkHttpClient.Builder()
                .addInterceptor(chain -> chain.proceed(chain.request()
                        .newBuilder()
                        .header("X-Run", Integer.toString(runs.incrementAndGet()))
                        .build()))
                .build();
        client(plain, new AtomicReference<>())
                .newCall(Calls.chat(chatUrl()))
                .execute()
                .close();
        assertThat(runs).hasValue(2);
        assertThat(provider.requests().get(0).header("X-Run")).hasValue("1");
    }

    @Test
    void outlivesTheCallThatItWasMadeFor() throws IOException, InterruptedException {
        Gate gate = new Gate();
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(gate));
        AtomicReference<LlmResponse> kept = new AtomicReference<>();
        AtomicReference<Transport> last = new AtomicReference<>();
        OkHttpClient client = wrapped(LlmProxy.builder().aroundAttempt((request, chain) -> {
            LlmResponse response = detaching(last).handle(request, chain);
            kept.set(response);
            throw new IOException("the call goes, the attempt stays");
        }));
        assertThatThrownBy(() -> client.newCall(Calls.chat(chatUrl())).execute())
                .isInstanceOf(IOException.class);
        gate.open();
        try (LlmResponse response = Objects.requireNonNull(kept.get())) {
            assertThat(response.body().readUtf8()).contains("n2");
        }
    }

    @Test
    void endsAtOnceWhenItsOwnerCancelsIt() throws InterruptedException {
        Gate never = new Gate();
        provider.enqueue(Reply.json(200, Calls.ANSWER).afterRequest().hold(never));
        AtomicReference<Transport> last = new AtomicReference<>();
        OkHttpClient client = client(new OkHttpClient(), last);
        CompletableFuture<String> result = Calls.inBackground(client.newCall(Calls.chat(chatUrl())));
        never.awaitReached(Duration.ofSeconds(10));
        Transport detached = Objects.requireNonNull(last.get());
        detached.cancel();
        assertThat(failureOf(result)).isInstanceOf(IOException.class);
        assertThat(detached.isCancelled()).isTrue();
    }

    @Test
    void anInterceptorBeforeThatRepeatsItIsRefused() {
        provider.always(Reply.status(503));
        AtomicInteger calls = new AtomicInteger();
        OkHttpClient plain = new OkHttpClient.Builder()
                .addInterceptor(chain -> {
                    Response first = chain.proceed(chain.request());
                    if (calls.incrementAndGet() > 1) {
                        return first;
                    }
                    first.close();
                    return chain.proceed(chain.request());
                })
                .build();
        assertThatThrownBy(() -> client(plain, new AtomicReference<>())
                        .newCall(Calls.chat(chatUrl()))
                        .execute())
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("a detached attempt is sent once");
        assertThat(provider.requests()).hasSize(1);
    }
}
