package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX) // whose full queue of connects drops the next one
class RetransmitOnSocketsTest extends OkHttpTest {
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + Calls.ANSWER;
    private static final int MOST_CONNECTIONS = 64;

    /** Connects until the queue of the server is full and drops. */
    private void fill(ServerSocket server) throws IOException {
        for (int i = 0; i < MOST_CONNECTIONS; i++) {
            Socket socket = closing(new Socket());
            try {
                socket.connect(server.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
        throw new AssertionError("connections accepted: " + MOST_CONNECTIONS + " (expected: fewer)");
    }

    /** Takes what waits, and answers whoever asks. */
    private static void serve(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread serving = new Thread(() -> answer(socket));
                serving.setDaemon(true);
                serving.start();
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void answer(Socket socket) {
        try (socket) {
            if (socket.getInputStream().read(new byte[16 << 10]) > 0) {
                socket.getOutputStream().write(ANSWER.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // Whoever was there has gone.
        }
    }

    @Test
    void aConnectWhoseFirstPacketIsLostIsTold() throws IOException, InterruptedException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        CountDownLatch connecting = new CountDownLatch(2);
        OkHttpClient client = wrapped(
                new OkHttpClient.Builder()
                        .eventListener(new EventListener() {
                            @Override
                            public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
                                connecting.countDown();
                            }
                        })
                        .build(),
                LlmProxy.builder());
        client.newCall(Calls.chat(chatUrl())).execute().close();
        ServerSocket server = closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        fill(server);
        CompletableFuture<String> call = Calls.inBackground(
                client.newCall(Calls.chat("http://127.0.0.1:" + server.getLocalPort() + "/v1/chat/completions")));
        assertThat(connecting.await(2, TimeUnit.MINUTES)).isTrue();
        // Long enough for the packet to be dropped, and less than the second after which it comes again.
        assertThat(new CountDownLatch(1).await(400, TimeUnit.MILLISECONDS)).isFalse();
        Thread serving = new Thread(() -> serve(server));
        serving.setDaemon(true);
        serving.start();
        assertThat(call.orTimeout(2, TimeUnit.MINUTES).join()).isEqualTo(Calls.ANSWER);
        Fault condition = events.only(ConditionDetected.class).condition();
        assertThat(condition.cause()).isEqualTo(FaultCause.CONNECT_RETRANSMITS);
        assertThat(condition.evidence("sent again").orElse("")).startsWith("1 times");
    }
}
