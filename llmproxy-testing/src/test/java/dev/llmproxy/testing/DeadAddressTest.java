package dev.llmproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class DeadAddressTest {
    @Test
    void refusesWithoutGivingThePortAway() {
        try (DeadAddress address = DeadAddress.refusing()) {
            assertThatThrownBy(() -> connect(address)).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> connect(address)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void doesNotAnswerToAnyNumberOfClients() {
        try (DeadAddress address = DeadAddress.unanswering()) {
            for (int client = 0; client < 3; client++) {
                assertThatThrownBy(() -> connect(address)).isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void tellsItsUrl() {
        try (DeadAddress address = DeadAddress.refusing()) {
            assertThat(address.url("/v1")).isEqualTo("http://127.0.0.1:" + address.port() + "/v1");
            assertThatThrownBy(() -> address.url("v1"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("path: v1 (expected: to start with a slash)");
        }
    }

    private static void connect(DeadAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Loopback.address(), address.port()), 100);
        }
    }
}
