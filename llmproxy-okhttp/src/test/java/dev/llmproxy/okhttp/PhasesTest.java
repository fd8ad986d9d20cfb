package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Connection;
import dev.llmproxy.event.Phase;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.testing.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class PhasesTest extends OkHttpTest {
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();

    private LlmProxy.Builder watching() {
        return LlmProxy.builder().aroundAttempt((request, chain) -> {
            attempts.add(chain.attempt());
            return chain.proceed(request);
        });
    }

    private static void read(OkHttpClient client, String url) throws IOException {
        try (Response response = client.newCall(Calls.chat(url)).execute()) {
            var unused = response.body().string();
        }
    }

    private void assertInOrder(Attempt attempt, List<Phase> phases) {
        for (Phase phase : phases) {
            assertThat(attempt.reached(phase)).as(phase.name()).isTrue();
        }
        for (int i = 1; i < phases.size(); i++) {
            assertThat(attempt.markedAt(phases.get(i))).isGreaterThanOrEqualTo(attempt.markedAt(phases.get(i - 1)));
        }
    }

    @Test
    void aNewConnectionGoesThroughAllOfThem() throws IOException {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.trusted())) {
            secure.always(Reply.json(200, Calls.ANSWER));
            OkHttpClient client = wrapped(
                    new OkHttpClient.Builder()
                            .sslSocketFactory(Tls.clientContext().getSocketFactory(), Tls.clientTrust())
                            .dns(name -> List.of(InetAddress.getLoopbackAddress()))
                            .build(),
                    watching());
            read(client, secure.url("/v1/chat/completions").replace("127.0.0.1", "localhost"));
            assertInOrder(
                    attempts.get(0),
                    List.of(
                            Phase.QUEUE,
                            Phase.DNS,
                            Phase.CONNECT,
                            Phase.TLS,
                            Phase.SEND,
                            Phase.WAIT,
                            Phase.FIRST_BYTE,
                            Phase.END));
            Connection connection = attempts.get(0).connection();
            assertThat(connection.tls())
                    .hasValueSatisfying(tls -> assertThat(tls).startsWith("TLSv1"));
            assertThat(connection.issuer()).isPresent();
            assertThat(connection.reused()).isFalse();
            assertThat(attempts.get(0).sending().bytes()).isEqualTo(Calls.CHAT.length());
            assertThat(attempts.get(0).bytesReceived()).isEqualTo(Calls.ANSWER.length());
            assertThat(attempts.get(0).sending().wireAttempts()).isEqualTo(1);
        }
    }

    @Test
    void aPooledConnectionSkipsTheFirstOnes() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER));
        OkHttpClient client = wrapped(watching());
        read(client, chatUrl());
        read(client, chatUrl());
        Attempt second = attempts.get(1);
        assertThat(second.reached(Phase.CONNECT)).isFalse();
        assertThat(second.connection().reused()).isTrue();
        assertThat(second.connection().protocol()).hasValue("http/1.1");
        assertInOrder(second, List.of(Phase.QUEUE, Phase.SEND, Phase.WAIT, Phase.FIRST_BYTE, Phase.END));
    }

    @Test
    void withAnInterceptorOnlyTheBodyTellsWhenItIsSent() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER));
        read(withInterceptor(new OkHttpClient(), watching()), chatUrl());
        assertInOrder(attempts.get(0), List.of(Phase.QUEUE, Phase.SEND, Phase.WAIT, Phase.FIRST_BYTE, Phase.END));
        assertThat(attempts.get(0).connection()).isEqualTo(Connection.unknown());
    }
}
