package dev.llmproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
class TlsTest {
    private static final SSLContext TRUSTING = Tls.clientContext();

    @Test
    void isTrustedByItsClients() throws Exception {
        assertThat(handshake(Tls.trusted(), TRUSTING)).isEqualTo("TLSv1.3");
    }

    @Test
    void isTrustedByNobodyElse() throws Exception {
        SSLContext theWorld = SSLContext.getDefault();
        assertThatThrownBy(() -> handshake(Tls.trusted(), theWorld))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("unable to find valid certification path");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Tls.wrongHost(), "No subject alternative names matching IP address 127.0.0.1"),
                Arguments.of(Tls.selfSigned(), "unable to find valid certification path"),
                Arguments.of(Tls.trusted().demandingClientCertificate(), "Received fatal alert: "),
                Arguments.of(Tls.trusted().demandingClientCertificate().protocols("TLSv1.2"), "Received fatal alert: "),
                Arguments.of(Tls.alert(70), "Received fatal alert: protocol_version"),
                Arguments.of(Tls.alert(40), "Received fatal alert: handshake_failure"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void failsAsTold(Tls tls, String message) {
        assertThatThrownBy(() -> handshake(tls, TRUSTING))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining(message);
    }

    @Test
    void speaksOnlyTheProtocolsThatItIsTold() throws Exception {
        assertThat(handshake(Tls.trusted().protocols("TLSv1.2"), TRUSTING)).isEqualTo("TLSv1.2");
        assertThatThrownBy(() -> handshake(Tls.trusted().protocols("TLSv1.3"), TRUSTING, "TLSv1.2"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("Received fatal alert: protocol_version");
    }

    @Test
    void acceptsTheClientCertificateThatItDemands() throws Exception {
        Tls demanding = Tls.trusted().demandingClientCertificate();
        assertThat(handshake(demanding, Tls.clientContextWithCertificate())).isEqualTo("TLSv1.3");
    }

    @Test
    void isInvalidByItsDatesOnly() {
        assertThatThrownBy(() -> handshake(Tls.expired(), TRUSTING))
                .hasRootCauseInstanceOf(CertificateExpiredException.class);
        assertThatThrownBy(() -> handshake(Tls.notYetValid(), TRUSTING))
                .hasRootCauseInstanceOf(CertificateNotYetValidException.class);
    }

    @Test
    void mayNeverAnswerTheHandshake() {
        assertThatThrownBy(() -> handshake(
                        Duration.ofMillis(200), Reply.none().onConnect().stall()))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void mayEndTheHandshake() {
        assertThatThrownBy(
                        () -> handshake(RawClient.SOON, Reply.none().onConnect().cut()))
                .isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(
                        () -> handshake(RawClient.SOON, Reply.none().onConnect().reset()))
                .isInstanceOfAny(SocketException.class, SSLException.class);
    }

    @Test
    void mayAnswerTheHandshakeInPlainText() {
        assertThatThrownBy(() -> handshake(
                        RawClient.SOON,
                        Reply.none()
                                .onConnect()
                                .send("HTTP/1.1 400 Bad Request\r\n\r\n")
                                .onConnect()
                                .cut()))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("Unsupported or unrecognized SSL message");
    }

    @Test
    void refusesAnAlertThatDoesNotExist() {
        assertThatThrownBy(() -> Tls.alert(0)).hasMessage("description: 0 (expected: 1 to 255)");
    }

    private static String handshake(Tls tls, SSLContext context, String... protocols) throws IOException {
        try (ScriptedProvider provider = ScriptedProvider.startTls(tls)) {
            provider.always(Reply.status(200));
            return handshake(provider, RawClient.SOON, context, protocols);
        }
    }

    private static String handshake(Duration patience, Reply reply) throws IOException {
        try (ScriptedProvider provider = ScriptedProvider.startTls(Tls.trusted())) {
            provider.always(reply);
            return handshake(provider, patience, TRUSTING);
        }
    }

    private static String handshake(
            ScriptedProvider provider, Duration patience, SSLContext context, String... protocols) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", provider.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            if (protocols.length > 0) {
                parameters.setProtocols(protocols);
            }
            socket.setSSLParameters(parameters);
            socket.setSoTimeout((int) patience.toMillis());
            socket.startHandshake();
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            // In TLS 1.3 a server refuses a client's certificate only after the client's handshake is done.
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            return socket.getSession().getProtocol();
        }
    }
}
