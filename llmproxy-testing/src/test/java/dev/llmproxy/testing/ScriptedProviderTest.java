package dev.llmproxy.testing;

import static dev.llmproxy.testing.RawClient.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class ScriptedProviderTest {
    private ScriptedProvider provider;

    @BeforeEach
    void start() {
        provider = ScriptedProvider.start();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void servesAnyHttpClient() throws Exception {
        provider.enqueue(Reply.sse("{}", "[DONE]"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(provider.url("/v1/chat/completions")))
                .POST(HttpRequest.BodyPublishers.ofString("{\"stream\":true}"))
                .build();

        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofLines())
                        .body())
                .containsExactly("data: {}", "", "data: [DONE]", "");
        assertThat(provider.takeRequest(SOON).bodyText()).isEqualTo("{\"stream\":true}");
    }

    @Test
    void keepsWhatItReceivedInOrder() throws Exception {
        provider.always(Reply.status(200));
        try (RawClient first = RawClient.to(provider);
                RawClient second = RawClient.to(provider)) {
            first.post("/a", "1").readHead();
            second.post("/b", "2").readHead();
            first.post("/c", "3").readHead();
        }
        assertThat(provider.requests().toString())
                .isEqualTo("[POST /a (request 1 on connection 1), POST /b (request 1 on connection 2),"
                        + " POST /c (request 2 on connection 1)]");
        assertThat(provider.takeRequest(SOON).target()).isEqualTo("/a");
        assertThat(provider.takeRequest(SOON).target()).isEqualTo("/b");
        assertThat(provider.requests()).hasSize(3);
    }

    @Test
    void countsConnectionsRequestsAndBytes() throws Exception {
        provider.enqueue(Reply.raw("12345"));
        try (RawClient client = RawClient.to(provider);
                RawClient half = RawClient.to(provider)) {
            client.send("GET / HTTP/1.1\r\n\r\n").readToEnd();
            half.send("GET ");
            provider.awaitConnectionsOpen(2, SOON);
        }
        provider.awaitConnectionsOpen(0, SOON);
        assertThat(provider.connectionsOpened()).isEqualTo(2);
        assertThat(provider.connectionsOpen()).isZero();
        assertThat(provider.requestsStarted()).isEqualTo(2);
        assertThat(provider.requests()).hasSize(1);
        assertThat(provider.bytesReceived()).isEqualTo(22);
        assertThat(provider.bytesSent()).isEqualTo(5);
        assertThat(provider).hasToString(provider.url() + " (requests: 2, connections open: 0)");
    }

    @Test
    void waitsForARequest() throws Exception {
        provider.always(Reply.status(200));
        try (RawClient client = RawClient.to(provider)) {
            Thread later = new Thread(() -> assertThat(client).satisfies(it -> it.get("/later")));
            later.start();
            assertThat(provider.takeRequest(SOON).target()).isEqualTo("/later");
            later.join();
        }
    }

    @Test
    void saysWhatDidNotHappenInTime() throws Exception {
        try (RawClient half = RawClient.to(provider)) {
            half.send("G");
            provider.awaitConnectionsOpen(1, SOON);
            assertThatThrownBy(() -> provider.awaitConnectionsOpen(3, Duration.ofMillis(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("connections open: 1 after PT0.001S (expected: 3)");
            assertThatThrownBy(() -> provider.takeRequest(Duration.ofMillis(100)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("no request within PT0.1S: 0 received, all taken before, 1 unreadable or on their way");
        }
    }

    @Test
    void tellsItsUrl() {
        assertThat(provider.url()).isEqualTo("http://127.0.0.1:" + provider.port());
        assertThat(provider.url("/v1")).isEqualTo(provider.url() + "/v1");
        assertThatThrownBy(() -> provider.url("v1")).hasMessage("path: v1 (expected: to start with a slash)");
    }

    @Test
    void stopsReadingAnUploadThatItStalls() throws Exception {
        provider.enqueue(Reply.none().duringRequestBody(10).stall());
        try (Uploader uploader = new Uploader(provider.port())) {
            assertThat(uploader.uploads(64 * 1024 * 1024)).isLessThan(32 * 1024 * 1024);
            ReceivedRequest request = provider.takeRequest(SOON);
            assertThat(request.complete()).isFalse();
            assertThat(request.body()).hasSize(10);
        }
    }
}
