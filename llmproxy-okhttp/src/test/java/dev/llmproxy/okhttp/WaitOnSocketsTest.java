package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that wait for the limits while others are being sent, over real sockets. */
@Timeout(300)
class WaitOnSocketsTest extends OkHttpTest {
    private static final Limits ONE = Limits.perDeployment().concurrency(1).queueFor(Duration.ofSeconds(50));

    private Call chat(OkHttpClient client) {
        return client.newCall(Calls.chat(provider.url("/v1/chat/completions")));
    }

    // Unless the last one is over already, of which its test then says what is wrong.
    private static void awaitWaiting(LlmProxy proxy, int count, CompletableFuture<String> last) {
        while (!last.isDone()
                && (proxy.limits().isEmpty() || proxy.limits().get(0).waiting() != count)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aCallThatIsCancelledInTheQueueLeavesItAtOnce() throws Exception {
        provider.answer(request -> Reply.json(200, Calls.ANSWER));
        LlmProxy proxy = proxy(onAnyMachine().limits(ONE));
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        try (Response first = chat(client).execute()) {
            Call cancelled = chat(client);
            CompletableFuture<String> second = Calls.inBackground(cancelled);
            awaitWaiting(proxy, 1, second);
            CompletableFuture<String> third = Calls.enqueue(chat(client));
            awaitWaiting(proxy, 2, third);
            cancelled.cancel();
            assertThat(faultOf(failureOf(second)).cause()).isEqualTo(FaultCause.CANCELLED);
            assertThat(proxy.limits().get(0).waiting()).isEqualTo(1);
            assertThat(first.body().string()).isEqualTo(Calls.ANSWER);
            assertThat(third.get(2, TimeUnit.MINUTES)).isEqualTo(Calls.ANSWER);
        }
        assertThat(provider.requestsStarted()).isEqualTo(2);
        assertThat(proxy.limits()).allMatch(use -> use.running() == 0 && use.waiting() == 0);
        Calls.release(client);
    }

    @Test
    void theNextIsSentAtOnceWhenTheOneThatRunsIsCancelled() throws Exception {
        provider.enqueue(Reply.json(200, Calls.ANSWER).afterRequest().stall());
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        LlmProxy proxy = proxy(onAnyMachine().limits(ONE));
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        Call running = chat(client);
        CompletableFuture<String> first = Calls.enqueue(running);
        provider.takeRequest(Duration.ofSeconds(30));
        CompletableFuture<String> second = Calls.enqueue(chat(client));
        awaitWaiting(proxy, 1, second);
        running.cancel();
        assertThat(second.get(2, TimeUnit.MINUTES)).isEqualTo(Calls.ANSWER);
        assertThat(failureOf(first)).isInstanceOf(IOException.class);
        assertThat(proxy.limits()).allMatch(use -> use.running() == 0 && use.waiting() == 0);
        Calls.release(client);
    }

    @Test
    void whoWaitsWhenTheProxyIsClosedIsSentAndLaterOnesAreNot() throws Exception {
        provider.answer(request -> Reply.json(200, Calls.ANSWER));
        LlmProxy proxy = proxy(onAnyMachine().limits(ONE));
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        try (Response first = chat(client).execute()) {
            CompletableFuture<String> second = Calls.inBackground(chat(client));
            awaitWaiting(proxy, 1, second);
            proxy.close();
            assertThatThrownBy(() -> chat(client).execute())
                    .hasMessage("llmproxy is closed (expected: calls before LlmProxy.close())");
            assertThat(first.body().string()).isEqualTo(Calls.ANSWER);
            assertThat(second.get(2, TimeUnit.MINUTES)).isEqualTo(Calls.ANSWER);
        }
        assertThat(proxy.limits()).allMatch(use -> use.running() == 0 && use.waiting() == 0);
        Calls.release(client);
    }

    @Test
    void aWaitEndsAtItsDeadlineAlsoWhenTheProxyIsClosed() throws Exception {
        provider.answer(request -> Reply.json(200, Calls.ANSWER));
        LlmProxy proxy = proxy(onAnyMachine().limits(ONE));
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
        try (Response first = chat(client).execute()) {
            CompletableFuture<String> second =
                    Calls.inBackground(client.newCall(Calls.chat(provider.url("/v1/chat/completions"))
                            .newBuilder()
                            .header("X-LlmProxy-Deadline", "2s")
                            .build()));
            awaitWaiting(proxy, 1, second);
            proxy.close();
            assertThat(faultOf(failureOf(second)).cause()).isEqualTo(FaultCause.CALL_DEADLINE);
            assertThat(first.code()).isEqualTo(200);
        }
        assertThat(proxy.limits()).allMatch(use -> use.running() == 0 && use.waiting() == 0);
        Calls.release(client);
    }
}
