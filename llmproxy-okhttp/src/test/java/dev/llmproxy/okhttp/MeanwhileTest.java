package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.testing.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** What can be done before the answer is there is done while it is waited for. */
class MeanwhileTest extends OkHttpTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + Calls.ANSWER.length() + "\r\n\r\n" + Calls.ANSWER;

    private final Semaphore done = new Semaphore(0);

    private static LlmProxy.Builder doing(Runnable task) {
        return LlmProxy.builder().aroundAttempt((request, chain) -> {
            chain.attempt().sending().meanwhile(task);
            return chain.proceed(request);
        });
    }

    /** Answers no request before something was done for it. */
    private void answerWhenDone(ScriptedProvider from) {
        from.answer(request -> {
            try {
                return done.tryAcquire(10, TimeUnit.SECONDS) ? Reply.json(200, Calls.ANSWER) : Reply.status(500);
            } catch (InterruptedException e) {
                return Reply.status(500);
            }
        });
    }

    private static void assertAnswered(OkHttpClient client, String url) throws IOException {
        try (Response response = client.newCall(Calls.chat(url)).execute()) {
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
        }
    }

    @Test
    void itIsDoneOnceForEachCall() throws IOException {
        answerWhenDone(provider);
        OkHttpClient client = wrapped(doing(done::release));
        assertAnswered(client, provider.url("/v1/chat/completions"));
        assertAnswered(client, provider.url("/v1/chat/completions"));
        assertThat(done.availablePermits()).isZero();
        assertThat(provider.connectionsOpened()).isOne();
    }

    @Test
    void itIsDoneOverTlsAsWell() throws IOException {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.trusted())) {
            answerWhenDone(secure);
            OkHttpClient client = wrapped(
                    new OkHttpClient.Builder()
                            .sslSocketFactory(Tls.clientContext().getSocketFactory(), Tls.clientTrust())
                            .dns(name -> List.of(InetAddress.getLoopbackAddress()))
                            .build(),
                    doing(done::release));
            assertAnswered(client, secure.url("/v1/chat/completions").replace("127.0.0.1", "localhost"));
            assertThat(done.availablePermits()).isZero();
        }
    }

    @Test
    void whatFailsMeanwhileFailsNoCall() throws IOException {
        answerWhenDone(provider);
        OkHttpClient client = wrapped(doing(() -> {
            done.release();
            throw new IllegalStateException("cannot be done yet");
        }));
        assertAnswered(client, provider.url("/v1/chat/completions"));
    }

    @Test
    void whatWasNotDoneInTimeIsNotDoneWhileAnotherCallWaits() throws IOException {
        // The second answer comes in one piece with the first, so nobody waits for it.
        provider.enqueue(Reply.raw(ANSWER + ANSWER));
        provider.always(Reply.json(200, Calls.ANSWER));
        OkHttpClient client = wrapped(doing(done::release).integrity(Integrity.off()));
        assertAnswered(client, chatUrl());
        assertAnswered(client, chatUrl());
        assertThat(done.drainPermits()).isOne();
        Request other = new Request.Builder().url(provider.url("/v1/models")).build();
        try (Response response = client.newCall(other).execute()) {
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
        }
        assertThat(done.availablePermits()).isZero();
    }
}
