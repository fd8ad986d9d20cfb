package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.testing.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a socket knows of an answer that nobody read. */
@Timeout(300)
class CallSocketTest {
    private static final byte[] ANSWER = {'H', 'T', 'T', 'P'};

    private static final long LONG_BEFORE = Duration.ofSeconds(1).toNanos();

    private final long before = Ticker.system().nanos();
    private ServerSocket server;
    private CallSocket socket;
    private Socket peer;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        socket = new CallSocket();
        socket.connect(server.getLocalSocketAddress());
        peer = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        peer.close();
        server.close();
    }

    private void answer() throws IOException {
        peer.getOutputStream().write(ANSWER);
        while (socket.unread(before) < ANSWER.length) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whereNobodyStoodReadyNothingIsKnown() {
        assertThat(socket.unread(before - LONG_BEFORE)).isNegative();
    }

    @Test
    void nothingHasCome() throws IOException {
        assertThat(socket.unread(Ticker.system().nanos())).isZero();
        socket.close();
        assertThat(socket.unread(Ticker.system().nanos())).isZero();
    }

    @Test
    void whatLayThereWhenItWasClosedIsRemembered() throws IOException {
        answer();
        socket.close();
        socket.close();
        assertThat(socket.unread(before)).isEqualTo(ANSWER.length);
    }

    @Test
    void whatLayThereWhenItsReadingWasShutDownIsRemembered() throws IOException {
        answer();
        socket.shutdownInput();
        socket.close();
        assertThat(socket.unread(before)).isEqualTo(ANSWER.length);
    }

    @Test
    void whereAllWasReadSinceNothingIsKnown() throws IOException {
        answer();
        assertThat(socket.getInputStream().readNBytes(ANSWER.length)).isEqualTo(ANSWER);
        assertThat(socket.unread(before - LONG_BEFORE)).isNegative();
        assertThat(socket.unread(Ticker.system().nanos())).isZero();
        socket.close();
        assertThat(socket.unread(before - LONG_BEFORE)).isNegative();
        assertThat(socket.unread(Ticker.system().nanos())).isZero();
    }

    @Test
    void aHandshakeThatIsNotAnsweredLeavesNothing() throws Exception {
        SSLSocket secure =
                (SSLSocket) Tls.clientContext().getSocketFactory().createSocket(socket, "localhost", 443, true);
        // The first record of the handshake, of which nobody reads anything.
        CompletableFuture<Void> handshake = CompletableFuture.runAsync(() -> {
            try {
                secure.startHandshake();
            } catch (IOException e) {
                // It is closed while it waits.
            }
        });
        assertThat(peer.getInputStream().read()).isNotNegative();
        assertThat(socket.unread(Ticker.system().nanos())).isZero();
        secure.close();
        handshake.get(2, TimeUnit.MINUTES);
        assertThat(socket.unread(Ticker.system().nanos())).isZero();
    }

    @Test
    void ofASocketThatIsNotConnectedNothingIsKnown() throws IOException {
        try (CallSocket unconnected = new CallSocket()) {
            assertThat(unconnected.unread(before)).isNegative();
        }
    }
}
