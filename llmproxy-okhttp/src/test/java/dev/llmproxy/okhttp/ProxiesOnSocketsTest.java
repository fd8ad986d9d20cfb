package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.Tls;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proxy of a network in between fails: that is told, and not blamed on the provider. */
class ProxiesOnSocketsTest extends OkHttpTest {
    private static final String FAR = "https://api.openai.com/v1/chat/completions";

    private static OkHttpClient over(Proxy.Type type, InetSocketAddress address) {
        return new OkHttpClient.Builder().proxy(new Proxy(type, address)).build();
    }

    private static InetSocketAddress here(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static InetSocketAddress closed() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return here(socket.getLocalPort());
        }
    }

    private Fault fault(OkHttpClient client) {
        return fault(client, Calls.chat(FAR));
    }

    private Fault fault(OkHttpClient client, Request request) {
        OkHttpClient wrapped = wrapped(client, LlmProxy.builder());
        Throwable thrown =
                catchThrowable(() -> wrapped.newCall(request).execute().close());
        Fault fault = faultOf(thrown);
        assertThat(fault.mayHaveBilled()).isFalse();
        assertThat(fault.remedies()).isNotEmpty();
        return fault;
    }

    @ParameterizedTest
    @CsvSource({"https://api.openai.com", "http://api.openai.com"})
    void nobodyListensAtTheProxy(String origin) throws IOException {
        InetSocketAddress proxy = closed();
        Fault fault = fault(over(Proxy.Type.HTTP, proxy), Calls.chat(origin + "/v1/chat/completions"));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.REFUSED);
        assertThat(fault.summary())
                .contains("nothing listens at the HTTP proxy " + proxy.getHostString() + ":" + proxy.getPort())
                .contains("on the way to api.openai.com");
        assertThat(fault.explain()).contains("https.proxyHost").doesNotContain("base URL");
    }

    @Test
    void theNameOfTheProxyIsUnknown() {
        OkHttpClient client = over(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy.example", 3128))
                .newBuilder()
                .dns(name -> {
                    throw new UnknownHostException(name);
                })
                .build();
        Fault fault = fault(client);
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.HOST_UNKNOWN);
        assertThat(fault.summary()).contains("the name of the HTTP proxy proxy.example");
        assertThat(fault.evidence("by way of")).hasValue("HTTP proxy proxy.example");
    }

    @Test
    void theNameOfADeploymentIsThatOfNoProxy() {
        OkHttpClient client = new OkHttpClient.Builder()
                .dns(name -> {
                    throw new UnknownHostException(name);
                })
                .build();
        Route route = Route.from("https://api.openai.com/v1")
                .failover(Deployment.at("https://elsewhere.example/v1").named("elsewhere"));
        OkHttpClient wrapped = wrapped(client, LlmProxy.builder().route(route));
        Throwable thrown =
                catchThrowable(() -> wrapped.newCall(Calls.chat(FAR)).execute().close());
        Fault fault = faultOf(thrown);
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.HOST_UNKNOWN);
        assertThat(fault.summary()).contains("the name elsewhere.example does not resolve");
        assertThat(fault.evidence("by way of")).isEmpty();
    }

    @Test
    void severalHostsBehindADeadProxyAreNotTheNetwork() throws IOException {
        OkHttpClient client = wrapped(over(Proxy.Type.HTTP, closed()), LlmProxy.builder());
        for (String host : List.of("one.example", "two.example", "three.example", "four.example")) {
            Throwable thrown =
                    catchThrowable(() -> client.newCall(Calls.chat("https://" + host + "/v1/chat/completions"))
                            .execute()
                            .close());
            assertThat(faultOf(thrown).cause()).isEqualTo(FaultCause.REFUSED);
        }
    }

    @Test
    void nobodyListensAtTheSocksProxy() throws IOException {
        Fault fault = fault(over(Proxy.Type.SOCKS, closed()));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.REFUSED);
        assertThat(fault.summary()).contains("nothing listens at the SOCKS proxy");
    }

    /** By RFC 1928, sections 3 and 6; 255 stands for no method of authentication. */
    @ParameterizedTest
    @CsvSource({
        "1, PROXY_REFUSED, ''",
        "2, PROXY_REFUSED, not allowed by ruleset",
        "3, PROXY_REFUSED, network unreachable",
        "4, PROXY_REFUSED, host unreachable",
        "5, PROXY_REFUSED, connection refused",
        "255, PROXY_AUTHENTICATION, ''",
    })
    void theSocksProxyRefuses(int code, FaultCause cause, String reason) throws Exception {
        try (SocksProxy proxy = SocksProxy.refusing(code)) {
            Fault fault = fault(over(Proxy.Type.SOCKS, here(proxy.port())));
            assertThat(fault.cause()).as(fault.explain()).isEqualTo(cause);
            assertThat(fault.evidence("the proxy says").orElse("")).isEqualTo(reason);
            assertThat(fault.summary()).contains("SOCKS proxy").contains("api.openai.com");
        }
    }

    @Test
    void theSocksProxyIsOneForHttp() {
        provider.always(Reply.none().onConnect().send("HTTP/1.1 400 Bad Request\r\n\r\n"));
        Fault fault = fault(over(Proxy.Type.SOCKS, here(provider.port())));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROXY_REFUSED);
        assertThat(fault.explain()).contains("Proxy.Type.HTTP");
    }

    @Test
    void theProxyDoesNotAnswer() {
        provider.always(Reply.none().afterRequest().stall());
        OkHttpClient wrapped = wrapped(
                over(Proxy.Type.HTTP, here(provider.port())),
                LlmProxy.builder().timeouts(Timeouts.standard().connect(Duration.ofMillis(300))));
        Throwable thrown =
                catchThrowable(() -> wrapped.newCall(Calls.chat(FAR)).execute().close());
        Fault fault = faultOf(thrown);
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.CONNECT_TIMEOUT);
        assertThat(fault.summary())
                .contains("HTTP proxy")
                .contains("on the way to api.openai.com made no connection within");
    }

    @Test
    void aKeyDoesNotGoInPlainTextToAProxyThoughTheUrlIsHttps() {
        OkHttpClient client = new OkHttpClient.Builder()
                .sslSocketFactory(Tls.clientContext().getSocketFactory(), Tls.clientTrust())
                .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
                .proxy(new Proxy(Proxy.Type.HTTP, here(provider.port())))
                .build();
        provider.always(Reply.json(200, Calls.ANSWER));
        OkHttpClient wrapped = wrapped(
                client,
                LlmProxy.builder()
                        .credentials(Credentials.bearer("https://api.openai.com", ApiKey.of("sk-canary-0815-4711"))));
        Throwable thrown =
                catchThrowable(() -> wrapped.newCall(Calls.chat(FAR)).execute().close());
        assertThat(provider.bytesReceived()).isZero();
        // OkHttp 4 does not make such a call itself.
        if (!(thrown instanceof IllegalStateException)) {
            assertThat(faultOf(thrown).cause()).isEqualTo(FaultCause.PLAINTEXT_REFUSED);
        }
    }
}
