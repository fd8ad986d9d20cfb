package dev.llmproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KillTest {
    private final ScriptedProvider provider = ScriptedProvider.start();
    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        provider.close();
        for (RawClient client : clients) {
            client.close();
        }
    }

    private RawClient client() throws IOException {
        RawClient client = RawClient.to(provider);
        clients.add(client);
        return client;
    }

    @Test
    void endsWhatItPlaysAndRefusesWhoComes() throws Exception {
        provider.always(Reply.none());
        RawClient waiting = client().get("/");
        provider.takeRequest(RawClient.SOON);
        provider.kill();
        provider.kill();
        assertThat(waiting.readToEnd()).doesNotEndWith("silence");
        provider.awaitConnectionsOpen(0, RawClient.SOON);
        assertThatThrownBy(this::client).isInstanceOf(ConnectException.class);
    }

    @Test
    void goesOnAtTheSamePortWithTheSameScript() throws Exception {
        provider.enqueue(Reply.status(200).body("one"), Reply.status(200).body("two"));
        int port = provider.port();
        client().get("/").readHead();
        for (int i = 0; i < 3; i++) {
            provider.kill();
            provider.restart();
            provider.restart();
        }
        assertThat(client().get("/").readHead()).contains("200");
        assertThat(provider.port()).isEqualTo(port);
        assertThat(provider.requests()).hasSize(2);
        assertThat(provider.scriptErrors()).isEmpty();
    }

    @Test
    void mayBeClosedWhileItIsDead() {
        provider.kill();
        provider.close();
        provider.kill();
        provider.close();
        assertThatThrownBy(this::client).isInstanceOf(ConnectException.class);
        assertThatThrownBy(provider::restart).isInstanceOf(IllegalStateException.class);
    }
}
