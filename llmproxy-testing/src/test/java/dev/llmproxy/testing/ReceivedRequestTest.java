package dev.llmproxy.testing;

import static dev.llmproxy.testing.RawClient.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without a leak check, because that fails tests whose requests are malformed. */
class ReceivedRequestTest {
    private ScriptedProvider provider;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        provider = ScriptedProvider.start();
        provider.always(Reply.status(200));
        client = RawClient.to(provider);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        provider.close();
    }

    @Test
    void keepsTheHeadAsItCame() throws Exception {
        client.send("GET /v1?a=b HTTP/1.1\r\nHost:x\r\nx-A:  1 \r\nX-a: 2\r\n\r\n")
                .readHead();
        ReceivedRequest request = provider.takeRequest(SOON);
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.target()).isEqualTo("/v1?a=b");
        assertThat(request.version()).isEqualTo("HTTP/1.1");
        assertThat(request.headerLines()).containsExactly("Host:x", "x-A:  1 ", "X-a: 2");
        assertThat(request.header("X-A")).hasValue("1");
        assertThat(request.headers("x-a")).containsExactly("1", "2");
        assertThat(request.header("Y")).isEmpty();
        assertThat(request.complete()).isTrue();
        assertThat(request.body()).isEmpty();
    }

    @Test
    void keepsACopyOfTheBody() throws Exception {
        client.send("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n\"\u00c3\u00a9")
                .send("")
                .send("POST");
        ReceivedRequest request = provider.takeRequest(SOON);
        assertThat(request.bodyText()).isEqualTo("\"é");
        request.body()[0] = 0;
        assertThat(request.bodyText()).isEqualTo("\"é");
    }

    @Test
    void readsChunkedBodies() throws Exception {
        client.send(
                "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: t\r\n\r\n");
        client.readHead();
        client.post("/next", "!").readHead();
        assertThat(provider.takeRequest(SOON).bodyText()).isEqualTo("abc0123456789");
        assertThat(provider.takeRequest(SOON).bodyText()).isEqualTo("!");
    }

    @Test
    void sendsContinueWhereItIsExpected() throws Exception {
        client.send("POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(client.send("ab").readHead()).startsWith("HTTP/1.1 200");
        assertThat(provider.takeRequest(SOON).bodyText()).isEqualTo("ab");
        client.send("POST / HTTP/1.1\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }

    @Test
    void keepsTheBodyAsFarAsItCame() throws Exception {
        client.send("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc").close();
        ReceivedRequest request = provider.takeRequest(SOON);
        assertThat(request.complete()).isFalse();
        assertThat(request.bodyText()).isEqualTo("abc");
        assertThat(request).hasToString("POST / (request 1 on connection 1, incomplete)");
    }

    @Test
    void keepsAChunkedBodyAsFarAsItCame() throws Exception {
        client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                .close();
        ReceivedRequest request = provider.takeRequest(SOON);
        assertThat(request.complete()).isFalse();
        assertThat(request.bodyText()).isEqualTo("abc");
    }

    @Test
    void countsARequestWhoseHeadNeverCame() throws Exception {
        client.send("POST / HTTP/1.1\r\nHost");
        provider.awaitConnectionsOpen(1, SOON);
        client.close();
        provider.awaitConnectionsOpen(0, SOON);
        assertThat(provider.requestsStarted()).isEqualTo(1);
        assertThat(provider.requests()).isEmpty();
    }

    @Test
    void answersAClientThatHasFinishedSending() throws Exception {
        client.get("/").finishSending();
        assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").endsWith("|FIN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "HELO x ! request line: HELO x (expected: method, target and HTTP/1.x)",
                "GET / HTTP/2 ! request line: GET / HTTP/2 (expected: method, target and HTTP/1.x)",
                "GET / HTTP/1.1_Content-Length: -1 ! Content-Length: -1 (expected: a number from 0 to 67108864)",
                "GET / HTTP/1.1_Content-Length: 99999999 ! Content-Length: 99999999 (expected: a number from 0 to 67108864)",
                "GET / HTTP/1.1_Content-Length: x ! Content-Length: x (expected: a number from 0 to 67108864)",
                "GET / HTTP/1.1_Transfer-Encoding: chunked__zz ! chunk size: zz (expected: a number from 0 to 67108864)"
            })
    void refusesWhatIsNotARequest(String sent, String error) throws Exception {
        client.send(sent.replace("_", "\r\n") + "\r\n\r\n");
        assertThat(client.readToEnd()).startsWith("HTTP/1.1 400").endsWith(error + "\n|FIN");
        assertThat(provider.scriptErrors()).singleElement().asString().endsWith(error);
    }

    @Test
    void refusesAHeadWithoutEnd() throws Exception {
        client.send("GET / HTTP/1.1\r\nX: " + "x".repeat(256 * 1024));
        assertThat(client.readToEnd()).endsWith("request head: over 262144 bytes (expected: at most)\n|FIN");
    }

    @Test
    void refusesAChunkLineWithoutEnd() throws Exception {
        client.send("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + "1".repeat(8 * 1024 + 1));
        assertThat(client.readToEnd()).endsWith("chunk line: over 8192 bytes (expected: at most)\n|FIN");
    }

    @Test
    void refusesChunksWithoutEnd() throws Exception {
        client.send("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n4000000\r\n");
        assertThat(client.readToEnd()).endsWith("request body: over 67108864 bytes (expected: at most)\n|FIN");
    }
}
