package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CertificateLookTest {
    // A record of a handshake that is almost as long as one may be.
    private static final byte[] RECORD = {22, 3, 3, 0x3f, (byte) 0xff};

    private final CountDownLatch closed = new CountDownLatch(1);

    private void drip(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getOutputStream().write(RECORD);
            while (!closed.await(20, TimeUnit.MILLISECONDS)) {
                client.getOutputStream().write(0);
            }
        } catch (IOException e) {
            closed.countDown(); // It was hung up on.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Timeout(300)
    void aHandshakeThatDripsIsHungUpOn() throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread dripping = new Thread(() -> drip(server));
            dripping.setDaemon(true);
            dripping.start();
            InetSocketAddress address = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
            assertThat(CertificateLook.at(address, "localhost", 300)).isEmpty();
            assertThat(closed.await(2, TimeUnit.MINUTES)).as("hung up").isTrue();
        } finally {
            closed.countDown();
        }
    }
}
