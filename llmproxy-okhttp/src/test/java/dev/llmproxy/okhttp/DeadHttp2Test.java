package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections of HTTP/2 that end without an answer: one is dead, the other is closed in order. */
@Timeout(300)
class DeadHttp2Test extends OkHttpTest {
    private static final ByteString SETTINGS = ByteString.decodeHex("000000040000000000");
    private static final ByteString SETTINGS_TAKEN = ByteString.decodeHex("000000040100000000");
    // That nothing was processed, and no error.
    private static final ByteString GOAWAY = ByteString.decodeHex("0000080700000000000000000000000000");
    private static final Duration PING = Duration.ofMillis(300);

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Thread serve(ByteString afterRequest) {
        Thread thread = new Thread(() -> {
            try (Socket peer = server.accept()) {
                peer.getOutputStream().write(SETTINGS.toByteArray());
                peer.getOutputStream().write(SETTINGS_TAKEN.toByteArray());
                InputStream in = peer.getInputStream();
                // The prompt is in what comes last of a request.
                StringBuilder seen = new StringBuilder();
                for (int b = in.read(); b >= 0; b = in.read()) {
                    seen.append((char) b);
                    if (seen.indexOf(Calls.PROMPT) >= 0) {
                        seen.setLength(0);
                        peer.getOutputStream().write(afterRequest.toByteArray());
                    }
                }
            } catch (IOException e) {
                // The client is gone.
            }
        });
        thread.start();
        return thread;
    }

    private Fault fault(ByteString afterRequest, Duration ping) throws InterruptedException {
        Thread serving = serve(afterRequest);
        OkHttpClient client = wrapped(
                new OkHttpClient.Builder()
                        .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                        .pingInterval(ping)
                        .build(),
                LlmProxy.builder());
        try (Response response = client.newCall(
                        Calls.chat("http://127.0.0.1:" + server.getLocalPort() + "/v1/chat/completions"))
                .execute()) {
            throw new AssertionError("answered: " + response);
        } catch (IOException e) {
            return faultOf(e);
        } finally {
            Calls.release(client);
            serving.join();
        }
    }

    @Test
    void aPeerThatAnswersNoPingIsDead() throws InterruptedException {
        Fault fault = fault(ByteString.EMPTY, PING);
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.RESET_BEFORE_ANSWER);
        assertThat(fault.evidence("pings every")).hasValue("300 ms");
        assertThat(fault.summary()).contains("no ping was answered");
    }

    @Test
    void aPeerThatSaysGoodbyeHasNotProcessedTheCall() throws InterruptedException {
        Fault fault = fault(GOAWAY, Duration.ZERO);
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.HTTP2_REFUSED);
        assertThat(fault.evidence("pings every")).isEmpty();
    }
}
