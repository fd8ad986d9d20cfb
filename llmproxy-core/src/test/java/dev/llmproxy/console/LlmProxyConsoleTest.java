package dev.llmproxy.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.report.ReportPage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlmProxyConsoleTest {
    private static final int PATIENCE_MILLIS = 20_000;

    private final LlmProxy proxy = LlmProxy.builder().build();
    private final List<Socket> sockets = new ArrayList<>();
    private LlmProxyConsole console;
    private String own;
    private String token;

    @BeforeEach
    void open() throws IOException {
        console = LlmProxyConsole.open(proxy);
        own = console.url().getAuthority();
        token = console.url().getFragment();
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        console.close();
        proxy.close();
    }

    private BufferedReader send(String request) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), console.url().getPort());
        sockets.add(socket);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream().write(request.getBytes(UTF_8));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    private String answer(String line, String host, String... headers) throws IOException {
        BufferedReader in = send(request(line, host, headers));
        StringBuilder head = new StringBuilder();
        for (String next = in.readLine(); next != null && !next.isEmpty(); next = in.readLine()) {
            head.append(next).append('\n');
        }
        return head.toString();
    }

    private static String request(String line, String host, String... headers) {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return line + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n";
    }

    private String bearer() {
        return "Authorization: Bearer " + token;
    }

    private void call() throws IOException {
        try (LlmResponse response =
                proxy.execute(FakeTransport.chat(), CallOptions.none(), FakeTransport.answering(FakeTransport.ok()))) {
            response.body().readByteArray();
        }
    }

    private static String nextData(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && !line.startsWith("data: ")) {
            line = in.readLine();
        }
        return line;
    }

    @Test
    void thePageNeedsNoTokenAndHoldsNoData() throws IOException {
        call();
        String head = answer("GET /", own);
        assertThat(head)
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("Cache-Control: no-store")
                .containsIgnoringCase("Content-Security-Policy: default-src 'none'; ")
                .containsIgnoringCase("Referrer-Policy: no-referrer")
                .containsIgnoringCase("X-Content-Type-Options: nosniff")
                .doesNotContainIgnoringCase("Access-Control");
        assertThat(ReportPage.live()).doesNotContain("gpt-4o");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Authorization: Bearer ",
                "Authorization: Bearer x",
                "Authorization: Basic eDp4",
                "Cookie: token=x",
                "X-Token: x"
            })
    void withoutTheTokenNothingIsTold(String header) throws IOException {
        String[] headers = header.isEmpty() ? new String[0] : new String[] {header};
        assertThat(answer("GET /events", own, headers)).startsWith("HTTP/1.1 401 ");
        assertThat(answer("GET /events?token=" + token, own, headers)).startsWith("HTTP/1.1 401 ");
        assertThat(answer("GET /events/" + token, own, headers)).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void manyGuessesAreAllRefused() throws IOException {
        BufferedReader in = send(request("GET /events", own, "Authorization: Bearer " + token.substring(1))
                .repeat(500));
        for (int i = 0; i < 500; i++) {
            assertThat(in.readLine()).startsWith("HTTP/1.1 401 ");
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                assertThat(line).doesNotStartWith("data");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "127.0.0.1.nip.example:PORT", "evil.example:PORT", "127.0.0.1", "[::2]:PORT", ""
            })
    void aNameThatLeadsHereIsNotEnough(String host) throws IOException {
        String named = host.replace("PORT", Integer.toString(console.url().getPort()));
        assertThat(answer("GET /", named)).startsWith("HTTP/1.1 403 ");
        assertThat(answer("GET /events", named, bearer())).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void twoHostsAreRefused() throws IOException {
        assertThat(answer("GET /", own, "Host: evil.example")).startsWith("HTTP/1.1 4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "Origin: null",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site"
            })
    void anotherSiteIsRefused(String header) throws IOException {
        assertThat(answer("GET /events", own, bearer(), header)).startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "PATCH"})
    void itCanOnlyBeRead(String method) throws IOException {
        assertThat(answer(method + " /", own, bearer(), "Content-Length: 0"))
                .startsWith("HTTP/1.1 405 ")
                .containsIgnoringCase("Allow: GET")
                .doesNotContainIgnoringCase("Access-Control");
    }

    @Test
    void otherPathsAreNotThere() throws IOException {
        assertThat(answer("GET /../etc/passwd", own)).startsWith("HTTP/1.1 404 ");
        assertThat(answer("GET /eventsx", own, bearer())).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void whoeverListensIsToldOfEachChange() throws IOException {
        BufferedReader in = send(request("GET /events", own, bearer()));
        assertThat(in.readLine()).startsWith("HTTP/1.1 200 ");
        assertThat(nextData(in)).contains("\"counts\":{\"succeeded\":0,");
        call();
        assertThat(nextData(in)).contains("\"counts\":{\"succeeded\":1,").contains("\"model\":\"gpt-4o\"");
    }

    @Test
    void onlySoManyListenAtOnce() throws IOException {
        List<BufferedReader> listening = new ArrayList<>();
        for (int i = 0; i < EventStreams.MOST; i++) {
            BufferedReader in = send(request("GET /events", own, bearer()));
            assertThat(in.readLine()).startsWith("HTTP/1.1 200 ");
            listening.add(in);
        }
        assertThat(answer("GET /events", own, bearer())).startsWith("HTTP/1.1 503 ");
        assertThat(answer("GET /", own)).startsWith("HTTP/1.1 200 ");
        assertThat(listening).allSatisfy(in -> assertThat(nextData(in)).isNotNull());
    }

    @Test
    void closingEndsTheStreamsAndThePort() throws IOException {
        BufferedReader in = send(request("GET /events", own, bearer()));
        assertThat(nextData(in)).isNotNull();
        console.close();
        console.close();
        assertThat(endOf(in)).isTrue();
        assertThatThrownBy(() -> send("GET / HTTP/1.1\r\n\r\n")).isInstanceOf(ConnectException.class);
        call();
        assertThat(proxy.report().counts().succeeded()).isEqualTo(1);
    }

    private static boolean endOf(BufferedReader in) {
        try {
            return nextData(in) == null;
        } catch (IOException e) {
            // A reset is an end, too.
            return true;
        }
    }

    @Test
    void itsThreadsKeepNoProcessAlive() throws IOException {
        assertThat(answer("GET /", own)).startsWith("HTTP/1.1 200 ");
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("llmproxy console")
                                || thread.getName().startsWith("HTTP-Dispatcher")))
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(Thread::isDaemon);
    }

    @Test
    void noOtherAddressOfThisMachineListens() throws IOException {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
        for (InetAddress other : others) {
            try (Socket socket = new Socket()) {
                InetSocketAddress there =
                        new InetSocketAddress(other, console.url().getPort());
                assertThatThrownBy(() -> socket.connect(there, PATIENCE_MILLIS)).isInstanceOf(IOException.class);
            }
        }
        assertThat(console.url().getHost())
                .isEqualTo(InetAddress.getLoopbackAddress().getHostAddress());
    }

    @Test
    void itsNameDoesNotTellTheToken() {
        assertThat(console).hasToString("console at http://" + own + "/");
        assertThat(token).hasSizeGreaterThanOrEqualTo(32);
    }

    @Test
    void aPortThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> LlmProxyConsole.open(proxy, 65_536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port: 65536 (expected: 0 to 65535)");
    }
}
