package dev.llmproxy.testing;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509TrustManager;

/**
 * Says how a {@link ScriptedProvider} does TLS, and gives clients what they need to trust it:
 *
 * <pre>{@code
 * ScriptedProvider provider = ScriptedProvider.startTls(Tls.expired());
 * HttpClient client = HttpClient.newBuilder().sslContext(Tls.clientContext()).build();
 * }</pre>
 *
 * <p>The certificates are part of this module, made once with the JDK's {@code keytool}: they are there at once, on every
 * JVM, and the invalid ones are invalid by fixed dates. Their private keys are therefore public: trust them in tests only.
 * Immutable.
 */
public final class Tls {
    private final String alias;
    private final boolean demandsClientCertificate;
    private final List<String> protocols;
    private final int alert;

    private Tls(String alias, boolean demandsClientCertificate, List<String> protocols, int alert) {
        this.alias = alias;
        this.demandsClientCertificate = demandsClientCertificate;
        this.protocols = protocols;
        this.alert = alert;
    }

    private static Tls of(String alias) {
        return new Tls(alias, false, List.of(), 0);
    }

    /** Returns a certificate for {@code localhost} and {@code 127.0.0.1} that {@link #clientTrust} accepts. */
    public static Tls trusted() {
        return of("trusted");
    }

    /** Returns a certificate of the same authority that expired years ago. */
    public static Tls expired() {
        return of("expired");
    }

    /** Returns a certificate of the same authority that becomes valid in many years. */
    public static Tls notYetValid() {
        return of("not-yet-valid");
    }

    /** Returns a certificate of the same authority for {@code other.invalid}. */
    public static Tls wrongHost() {
        return of("wrong-host");
    }

    /** Returns a certificate for the right names that no authority signed. */
    public static Tls selfSigned() {
        return of("self-signed");
    }

    /**
     * Returns the refusal of every handshake by this fatal alert: 70 for no common protocol version, 40 for no common cipher,
     * 112 for an unknown server name; RFC 8446, section 6, has more.
     */
    public static Tls alert(int description) {
        if (description < 1 || description > 255) {
            throw new IllegalArgumentException("description: " + description + " (expected: 1 to 255)");
        }
        return new Tls("trusted", false, List.of(), description);
    }

    /** Demands a certificate of the client; {@link #clientContextWithCertificate} has one. */
    public Tls demandingClientCertificate() {
        return new Tls(alias, true, protocols, alert);
    }

    /** Speaks these protocols only, such as {@code TLSv1.3}; the default is what the JDK enables. */
    public Tls protocols(String... names) {
        return new Tls(alias, demandsClientCertificate, List.of(names), alert);
    }

    /** Returns a trust manager that accepts the authority of these certificates and nothing else. */
    public static X509TrustManager clientTrust() {
        return Certificates.trust();
    }

    /** Returns a client's context that trusts as {@link #clientTrust} does and has no certificate of its own. */
    public static SSLContext clientContext() {
        return Certificates.context(null);
    }

    /** Returns a client's context that trusts as {@link #clientTrust} does and shows a certificate of the same authority. */
    public static SSLContext clientContextWithCertificate() {
        return Certificates.context("client");
    }

    /** Returns the alert record that refuses every handshake, or nothing. */
    byte[] refusal() {
        return alert == 0 ? new byte[0] : new byte[] {21, 3, 3, 0, 2, 2, (byte) alert};
    }

    /** Returns the server's end of TLS over this socket, before its handshake. */
    SSLSocket secure(Socket raw) throws IOException {
        SSLSocket socket = (SSLSocket)
                Certificates.context(alias).getSocketFactory().createSocket(raw, null, raw.getPort(), false);
        socket.setUseClientMode(false);
        socket.setNeedClientAuth(demandsClientCertificate);
        if (!protocols.isEmpty()) {
            socket.setEnabledProtocols(protocols.toArray(String[]::new));
        }
        return socket;
    }
}
