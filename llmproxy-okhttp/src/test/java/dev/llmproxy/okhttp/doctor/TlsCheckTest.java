package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.okhttp.Doctor;
import dev.llmproxy.okhttp.doctor.Finding.Status;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.testing.Tls;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import okhttp3.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsCheckTest extends Practice {
    private OkHttpClient trusting() {
        return client.newBuilder()
                .sslSocketFactory(Tls.clientContext().getSocketFactory(), Tls.clientTrust())
                .build();
    }

    private static Doctor.Examination examine(OkHttpClient client, ScriptedProvider secure) {
        secure.answer(request -> request.header("Authorization").isPresent() ? Lists.openAi() : Lists.unauthorized());
        return Doctor.examine(client, Credentials.bearer(secure.url("/v1"), ApiKey.of(KEY)));
    }

    private static void assertCause(FaultCause cause, Doctor.Examination found) {
        assertThat(find("tls", found).fault())
                .as(found.toText())
                .hasValueSatisfying(fault -> assertThat(fault.cause()).isEqualTo(cause));
        assertStatus(Status.OK, "connect", found);
        assertStatus(Status.SKIP, "endpoint", found);
    }

    @Test
    void aGoodCertificateIsTold() {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.trusted())) {
            Doctor.Examination found = examine(trusting(), secure);
            assertThat(find("tls", found).toString())
                    .matches("\\[ok\\] tls: TLSv1.3, http/1.1, in \\d+ ms, certificate of .*, \\d+ days left");
            assertThat(found.healthy()).as(found.toText()).isTrue();
        }
    }

    @Test
    void anExpiredCertificateIsDiagnosedByTheLibrary() {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.expired())) {
            assertCause(FaultCause.CERTIFICATE_EXPIRED, examine(trusting(), secure));
        }
    }

    @Test
    void aCertificateOfAnotherHostIsDiagnosedByTheLibrary() {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.wrongHost())) {
            assertCause(FaultCause.CERTIFICATE_HOST_MISMATCH, examine(trusting(), secure));
        }
    }

    @Test
    void whoIssuedACertificateThatNobodyTrustsIsLookedAt() {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.selfSigned())) {
            Doctor.Examination found = examine(trusting(), secure);
            assertCause(FaultCause.CERTIFICATE_UNTRUSTED, found);
            assertThat(find("tls", found).evidence())
                    .anyMatch(item -> item.startsWith("issuer = CN="))
                    .anyMatch(item -> item.startsWith("subject = CN="));
        }
    }

    @Test
    void aClientWithoutItsAuthorityDoesNotTrustTheServer() {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.trusted())) {
            assertCause(FaultCause.CERTIFICATE_UNTRUSTED, examine(client, secure));
        }
    }

    @Test
    void aClientCertificateThatIsMissingIsDiagnosedByTheLibrary() {
        try (ScriptedProvider secure = ScriptedProvider.startTls(
                Tls.trusted().demandingClientCertificate().protocols("TLSv1.2"))) {
            assertCause(FaultCause.CLIENT_CERTIFICATE, examine(trusting(), secure));
        }
    }

    @Test
    void plainHttpWhereTlsWasExpectedIsDiagnosedByTheLibrary() {
        provider.always(Reply.none().onConnect().send("HTTP/1.1 400 Bad Request\r\n\r\n"));
        Doctor.Examination found = Doctor.examine(
                client, Credentials.bearer("https://127.0.0.1:" + provider.port() + "/v1", ApiKey.of(KEY)));
        assertCause(FaultCause.TLS_PROTOCOL, found);
    }

    @Test
    void aCertificateThatEndsSoonAndAnOldProtocolAreWarnedOf() {
        X509Certificate certificate = certificate();
        Instant end = certificate.getNotAfter().toInstant();
        TlsCheck check = new TlsCheck();
        assertThat(check.judge(certificate, TlsVersion.TLS_1_3, "", end.minus(Duration.ofDays(13)))
                        .summary())
                .isEqualTo("the certificate ends in 13 days");
        assertThat(check.judge(certificate, TlsVersion.TLS_1_3, "", end.minus(Duration.ofDays(14)))
                        .status())
                .isEqualTo(Status.OK);
        assertThat(check.judge(certificate, TlsVersion.TLS_1_1, "", end.minus(Duration.ofDays(99)))
                        .status())
                .isEqualTo(Status.WARN);
    }

    private X509Certificate certificate() {
        AtomicReference<X509Certificate> seen = new AtomicReference<>();
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.trusted())) {
            OkHttpClient looking = trusting()
                    .newBuilder()
                    .addNetworkInterceptor(chain -> {
                        seen.set((X509Certificate) chain.connection()
                                .handshake()
                                .peerCertificates()
                                .get(0));
                        return chain.proceed(chain.request());
                    })
                    .build();
            examine(looking, secure);
        }
        return Objects.requireNonNull(seen.get());
    }

    @ParameterizedTest
    @CsvSource({
        "'CN=Zscaler Root CA, OU=Zscaler Inc., O=Zscaler Inc.', zscaler",
        "'CN=FortiGate CA, OU=Certificate Authority, O=Fortinet', fortinet",
        "'CN=mitmproxy, O=mitmproxy', mitmproxy",
        "'CN=corp.de-goskope.com, O=Netskope Inc', netskope",
        "'CN=Gateway CA - Cloudflare Managed G1, O=Cloudflare', gateway ca - cloudflare",
    })
    void whoInspectsIsKnownByName(String issuer, String name) {
        assertThat(Inspection.in(issuer)).hasValue(name);
    }

    @ParameterizedTest
    @CsvSource({
        "'CN=WE1, O=Google Trust Services, C=US'",
        "'CN=Cloudflare Inc ECC CA-3, O=Cloudflare'",
        "'CN=R11, O=Lets Encrypt'"
    })
    void authoritiesOfTheWebInspectNothing(String issuer) {
        assertThat(Inspection.in(issuer)).isEmpty();
    }
}
