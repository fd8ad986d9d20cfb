package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.okhttp.Doctor;
import dev.llmproxy.okhttp.doctor.Finding.Status;
import dev.llmproxy.testing.DeadAddress;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.testing.Tls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** Where the first request fails, one check tells of it and the later ones are skipped. */
class NetworkChecksTest extends Practice {
    // Of what ends with its check. All else ends when it is done, however long that takes.
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofMinutes(1);

    private static void assertCause(FaultCause cause, String check, Doctor.Examination found) {
        assertThat(find(check, found).fault())
                .as(found.toText())
                .hasValueSatisfying(fault -> assertThat(fault.cause()).isEqualTo(cause));
    }

    private Doctor doctor(OkHttpClient other, String base) {
        return Doctor.of(other, Credentials.bearer(base, ApiKey.of(KEY))).checkLimit(LONG);
    }

    @Test
    void aNameIsLookedUpAndTold() {
        answer(Lists.openAi());
        Doctor.Examination found =
                doctor("http://localhost:" + provider.port() + "/v1").examine();
        assertThat(find("dns", found).toString()).matches("\\[ok\\] dns: localhost has .* in \\d+ ms \\(private\\)");
        assertThat(find("connect", found).toString()).matches("\\[ok\\] connect: connected to .* in \\d+ ms");
        assertThat(find("tls", found).toString()).isEqualTo("[skip: the base URL is plain http] tls");
    }

    @Test
    void anUnknownNameIsDiagnosedByTheLibrary() {
        OkHttpClient lost = client.newBuilder()
                .dns(name -> {
                    throw new UnknownHostException(name);
                })
                .build();
        Doctor.Examination found = doctor(lost, "https://api.example.test/v1").examine();
        assertCause(FaultCause.HOST_UNKNOWN, "dns", found);
        for (String later : List.of("connect", "tls", "endpoint", "clock", "key")) {
            assertStatus(Status.SKIP, later, found);
        }
        assertThat(found.exitCode()).isEqualTo(1);
    }

    @Test
    void aRefusedConnectionIsDiagnosedByTheLibrary() {
        try (DeadAddress dead = DeadAddress.refusing()) {
            Doctor.Examination found = doctor(client, dead.url("/v1")).examine();
            assertThat(find("dns", found).summary()).contains("nothing to look up");
            assertCause(FaultCause.REFUSED, "connect", found);
            assertStatus(Status.SKIP, "endpoint", found);
        }
    }

    @Test
    void aConnectionThatIsNotAnsweredEndsWithItsCheck() {
        try (DeadAddress dead = DeadAddress.unanswering()) {
            Doctor.Examination found =
                    doctor(client, dead.url("/v1")).checkLimit(SHORT).examine();
            assertCause(FaultCause.CONNECT_TIMEOUT, "connect", found);
        }
    }

    @Test
    void aSilentEndpointEndsWithItsCheck() {
        provider.always(Reply.none());
        Doctor.Examination found =
                doctor(client, provider.url("/v1")).checkLimit(SHORT).examine();
        assertStatus(Status.OK, "connect", found);
        assertThat(find("endpoint", found).fault())
                .hasValueSatisfying(fault -> assertThat(fault.cause().code()).startsWith("timeout."));
    }

    private OkHttpClient behind(ScriptedProvider tunnel) {
        return client.newBuilder()
                .sslSocketFactory(Tls.clientContext().getSocketFactory(), Tls.clientTrust())
                .proxy(new Proxy(
                        Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), tunnel.port())))
                .build();
    }

    @Test
    void aProxyLooksTheNameUp() {
        try (ScriptedProvider tunnel = ScriptedProvider.start();
                ScriptedProvider secure = ScriptedProvider.startTls(Tls.trusted())) {
            tunnel.always(Reply.tunnel());
            secure.always(Lists.openAi());
            Doctor.Examination found = Doctor.examine(
                    behind(tunnel), Credentials.bearer("https://localhost:" + secure.port() + "/v1", ApiKey.of(KEY)));
            assertThat(find("dns", found).toString()).isEqualTo("[skip: a proxy looks the name up] dns");
            assertThat(find("connect", found).summary()).startsWith("connected by the proxy ");
            assertStatus(Status.OK, "tls", found);
            assertStatus(Status.OK, "endpoint", found);
        }
    }

    @Test
    void aProxyThatWantsAPasswordIsToldByTheConnection() {
        try (ScriptedProvider tunnel = ScriptedProvider.start()) {
            tunnel.always(Reply.status(407).header("Proxy-Authenticate", "Basic realm=\"x\""));
            Doctor.Examination found =
                    doctor(behind(tunnel), "https://llm.example.test/v1").examine();
            assertCause(FaultCause.PROXY_AUTHENTICATION, "connect", found);
            assertStatus(Status.SKIP, "tls", found);
        }
    }

    @Test
    void aSlowNameServiceIsWarnedOf() throws UnknownHostException {
        List<InetAddress> one = List.of(InetAddress.getAllByName("93.184.215.14"));
        DnsCheck check = new DnsCheck();
        assertThat(check.judge("api.openai.com", one, Duration.ofMillis(499)).status())
                .isEqualTo(Status.OK);
        assertThat(check.judge("api.openai.com", one, Duration.ofMillis(500)).status())
                .isEqualTo(Status.WARN);
    }

    @Test
    void aPublicProviderHasNoPrivateAddress() throws UnknownHostException {
        DnsCheck check = new DnsCheck();
        for (String address : List.of("10.1.2.3", "127.0.0.1", "169.254.1.1", "100.64.0.1", "fd00::1", "fe80::1")) {
            List<InetAddress> one = List.of(InetAddress.getAllByName(address));
            assertThat(check.judge("api.openai.com", one, Duration.ZERO).status())
                    .isEqualTo(Status.WARN);
            assertThat(check.judge("llm.corp.example", one, Duration.ZERO).status())
                    .isEqualTo(Status.OK);
        }
        assertThat(DnsCheck.isPrivate(InetAddress.getAllByName("100.128.0.1")[0]))
                .isFalse();
        assertThat(DnsCheck.isPrivate(InetAddress.getAllByName("2606:4700::1")[0]))
                .isFalse();
    }
}
