package dev.llmproxy.testing;

import static dev.llmproxy.testing.RawClient.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class TunnelTest {
    private ScriptedProvider proxy;
    private ScriptedProvider target;

    @BeforeEach
    void start() {
        proxy = ScriptedProvider.start();
        target = ScriptedProvider.startTls(Tls.trusted());
    }

    @AfterEach
    void close() {
        proxy.close();
        target.close();
    }

    @Test
    void leadsToTheTargetThatTheClientAsksFor() throws Exception {
        proxy.enqueue(Reply.tunnel());
        target.enqueue(Reply.json(200, "{}"));
        assertThat(getThroughProxy().body()).isEqualTo("{}");
        assertThat(proxy.takeRequest(SOON))
                .hasToString("CONNECT 127.0.0.1:" + target.port() + " (request 1 on connection 1)");
        assertThat(target.takeRequest(SOON).target()).isEqualTo("/v1");
        assertThat(proxy.bytesSent()).isGreaterThan(target.bytesSent());
    }

    @Test
    void leadsWhereTheScriptSays() throws Exception {
        try (ScriptedProvider plain = ScriptedProvider.start();
                RawClient client = RawClient.to(proxy)) {
            proxy.enqueue(Reply.tunnelTo(plain.port()));
            plain.enqueue(Reply.status(204));
            assertThat(client.send("CONNECT api.invalid:443 HTTP/1.1\r\n\r\n").readHead())
                    .isEqualTo("HTTP/1.1 200 Scripted\r\n\r\n");
            assertThat(client.get("/").readHead()).isEqualTo("HTTP/1.1 204 Scripted\r\n\r\n");
        }
    }

    @Test
    void mayBeRefused() throws Exception {
        proxy.enqueue(Reply.status(407).header("Proxy-Authenticate", "Basic realm=\"x\""));
        assertThat(getThroughProxy().statusCode()).isEqualTo(407);
        assertThat(target.connectionsOpened()).isZero();
    }

    @Test
    void endsAsTheTargetEnds() throws Exception {
        assertThat(throughTunnel(Reply.json(200, "0123456789").atByte(3).cut())).endsWith("012|FIN");
        assertThat(throughTunnel(Reply.json(200, "0123456789").atByte(3).reset()))
                .endsWith("012|RST");
    }

    @Test
    void endsForTheTargetWhenTheClientHangsUp() throws Exception {
        try (ScriptedProvider plain = ScriptedProvider.start()) {
            proxy.enqueue(Reply.tunnelTo(plain.port()));
            plain.enqueue(Reply.none());
            try (RawClient client = RawClient.to(proxy)) {
                client.send("CONNECT x:443 HTTP/1.1\r\n\r\n").readHead();
                client.get("/");
                plain.takeRequest(SOON);
            }
            plain.awaitConnectionsOpen(0, SOON);
            proxy.awaitConnectionsOpen(0, SOON);
        }
    }

    @Test
    void endsWhereNobodyListens() throws Exception {
        try (DeadAddress nobody = DeadAddress.refusing();
                RawClient client = RawClient.to(proxy)) {
            proxy.enqueue(Reply.tunnelTo(nobody.port()));
            client.send("CONNECT x:443 HTTP/1.1\r\n\r\n").readHead();
            assertThat(client.readToEnd()).isEqualTo("|RST");
        }
    }

    private String throughTunnel(Reply reply) throws Exception {
        try (ScriptedProvider plain = ScriptedProvider.start();
                RawClient client = RawClient.to(proxy)) {
            proxy.enqueue(Reply.tunnelTo(plain.port()));
            plain.enqueue(reply);
            client.send("CONNECT x:443 HTTP/1.1\r\n\r\n").readHead();
            return client.get("/").readToEnd();
        }
    }

    private HttpResponse<String> getThroughProxy() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .proxy(ProxySelector.of(new InetSocketAddress(Loopback.address(), proxy.port())))
                .sslContext(Tls.clientContext())
                .build();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(target.url("/v1"))).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
