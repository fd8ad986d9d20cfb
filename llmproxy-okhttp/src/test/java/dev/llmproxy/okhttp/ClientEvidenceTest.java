package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Connection;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class ClientEvidenceTest extends OkHttpTest {
    private final List<Connection> connections = new CopyOnWriteArrayList<>();

    private LlmProxy.Builder watching() {
        return LlmProxy.builder().aroundAttempt((request, chain) -> {
            Attempt attempt = chain.attempt();
            try {
                return chain.proceed(request);
            } finally {
                connections.add(attempt.connection());
            }
        });
    }

    private void call(OkHttpClient client) throws IOException {
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.body().string()).isNotEmpty();
        }
    }

    @Test
    void aPooledConnectionTellsHowLongItWasOpenAndIdle() throws IOException, InterruptedException {
        provider.always(Reply.json(200, Calls.ANSWER).afterRequest().pause(Duration.ofMillis(60)));
        OkHttpClient client = wrapped(watching());
        call(client);
        assertThat(new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS)).isFalse();
        call(client);
        assertThat(connections.get(0).life()).isEmpty();
        Connection.Life life = connections.get(1).life().orElseThrow();
        assertThat(life.idle()).isGreaterThanOrEqualTo(Duration.ofMillis(45));
        assertThat(life.age()).isGreaterThanOrEqualTo(life.idle().plusMillis(45));
    }

    @Test
    void anAttemptThatKeepsTheConnectionOfTheOneBeforeTellsIt() throws IOException {
        provider.enqueue(Reply.json(503, "{}"), Reply.json(200, Calls.ANSWER));
        call(wrapped(watching().retry(Retry.attempts(2))));
        assertThat(provider.connectionsOpened()).isOne();
        assertThat(connections.get(1).reused()).isTrue();
        assertThat(connections.get(1).remote()).isEqualTo(connections.get(0).remote());
        assertThat(connections.get(1).life()).isPresent();
    }

    @Test
    void aDeadPooledConnectionIsToldWithItsAge() throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER).onNextRequest().reset());
        OkHttpClient client = wrapped(LlmProxy.builder());
        call(client);
        Fault fault = faultOf(failureOf(Calls.inBackground(client.newCall(Calls.chat(chatUrl())))));
        assertThat(fault.cause()).isEqualTo(FaultCause.STALE_POOLED);
        assertThat(fault.explain()).contains("from the pool, open for ").contains(", idle for ");
    }

    @Test
    void aNameThatHasMovedIsTold() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER));
        List<InetAddress> addresses = new ArrayList<>(List.of(InetAddress.getLoopbackAddress()));
        OkHttpClient client = wrapped(
                new OkHttpClient.Builder().dns(name -> List.copyOf(addresses)).build(), LlmProxy.builder());
        String url = "http://model.test:" + provider.port() + "/v1/chat/completions";
        client.newCall(Calls.chat(url)).execute().close();
        client.connectionPool().evictAll();
        addresses.set(0, InetAddress.getByName("127.0.0.2"));
        Fault fault = faultOf(failureOf(Calls.inBackground(client.newCall(Calls.chat(url)))));
        assertThat(fault.cause()).isEqualTo(FaultCause.REFUSED);
        assertThat(fault.evidence("the name resolved to")).hasValue("127.0.0.2");
        assertThat(fault.evidence("resolved before to").orElse("")).startsWith("127.0.0.1, ");
        assertThat(fault.evidence("connections of the client")).hasValue("0 open, 0 of them idle");
    }

    @Test
    void aFaultTellsTheWaitInTheDispatcher() {
        provider.enqueue(
                Reply.json(200, Calls.ANSWER).afterRequest().pause(Duration.ofMillis(250)), Reply.json(503, "{}"));
        OkHttpClient client = wrapped(LlmProxy.builder());
        client.dispatcher().setMaxRequestsPerHost(1);
        CompletableFuture<String> first = Calls.enqueue(client.newCall(Calls.chat(chatUrl())));
        CompletableFuture<String> second = Calls.enqueue(client.newCall(Calls.chat(chatUrl())));
        CompletableFuture.allOf(first, second).orTimeout(2, TimeUnit.MINUTES).join();
        assertThat(events.faults().get(0).evidence("waited in the client's queue"))
                .isPresent();
        assertThat(events.faults().get(0).evidence("calls of the client")).hasValue("1 of 1 running there, 0 waiting");
    }
}
