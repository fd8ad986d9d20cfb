package dev.llmproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Without a leak check, for which a provider leaves its connections half open when it is closed. */
class CloseTest {
    private final ScriptedProvider provider = ScriptedProvider.start();
    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        provider.close();
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void endsWhateverItPlays() throws Exception {
        provider.enqueue(
                Reply.none().onConnect().stall(),
                Reply.none(),
                Reply.status(200).afterRequest().pause(Duration.ofDays(1)),
                Reply.status(200).afterRequest().hold(new Gate()),
                Reply.status(200).body(new byte[50_000_000]),
                Reply.status(200));
        for (int client = 0; client < 6; client++) {
            clients.add(RawClient.to(provider).get("/"));
        }
        provider.awaitConnectionsOpen(6, RawClient.SOON);
        for (int request = 0; request < 5; request++) {
            provider.takeRequest(RawClient.SOON);
        }
        provider.close();
        assertThat(threads()).isEmpty();
        assertThat(provider.connectionsOpen()).isZero();
        assertThat(clients).allSatisfy(client -> assertThat(client.readToEnd()).doesNotEndWith("silence"));
    }

    @Test
    void endsAnUnfinishedHandshake() throws Exception {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.trusted())) {
            clients.add(RawClient.to(secure));
            secure.awaitConnectionsOpen(1, RawClient.SOON);
        }
        assertThat(clients.get(0).readToEnd()).isEqualTo("|FIN");
    }

    @Test
    void endsWithoutHavingBeenUsed() throws Exception {
        provider.close();
        provider.close();
        assertThat(threads()).isEmpty();
        assertThatThrownBy(() -> RawClient.to(provider)).isInstanceOf(ConnectException.class);
    }

    @Test
    void mayBeClosedByItsOwnFunction() throws Exception {
        provider.answer(request -> {
            provider.close();
            return Reply.status(200);
        });
        clients.add(RawClient.to(provider).get("/"));
        assertThat(clients.get(0).readToEnd()).isEqualTo("|FIN");
    }

    @Test
    void hasDaemonThreadsOnly() throws Exception {
        provider.always(Reply.status(200));
        clients.add(RawClient.to(provider).get("/"));
        clients.get(0).readHead();
        assertThat(threads()).hasSize(3).allMatch(Thread::isDaemon);
    }

    private List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("llmproxy-testing-" + provider.port() + "-"))
                .toList();
    }
}
