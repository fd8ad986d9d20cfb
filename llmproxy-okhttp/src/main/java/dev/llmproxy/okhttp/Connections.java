package dev.llmproxy.okhttp;

import dev.llmproxy.chain.Connection;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import okhttp3.Handshake;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/** Says of OkHttp's connections whose they are, and, when a fault asks for it, what they are. */
final class Connections {
    private Connections() {}

    /**
     * Says whether several calls may use it at once, and another thread than theirs reads: HTTP/2, whether both sides
     * agreed on it or knew it before.
     */
    static boolean isShared(okhttp3.Connection connection) {
        return connection.protocol() != Protocol.HTTP_1_1 && connection.protocol() != Protocol.HTTP_1_0;
    }

    static Connection describe(
            okhttp3.@Nullable Connection connection,
            boolean reused,
            @Nullable String proxy,
            Connection.@Nullable Life life) {
        if (connection == null) {
            return new Connection(
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.ofNullable(proxy),
                    Optional.empty());
        }
        Handshake handshake = connection.handshake();
        return new Connection(
                reused,
                Optional.of(connection.route().socketAddress().toString()),
                Optional.of(connection.protocol().toString()),
                handshake == null
                        ? Optional.empty()
                        : Optional.of(handshake.tlsVersion().javaName()),
                handshake == null ? Optional.empty() : issuer(handshake.peerCertificates()),
                Optional.ofNullable(proxy),
                reused ? Optional.ofNullable(life) : Optional.empty());
    }

    private static Optional<String> issuer(List<Certificate> certificates) {
        if (certificates.isEmpty() || !(certificates.get(0) instanceof X509Certificate certificate)) {
            return Optional.empty();
        }
        return Optional.of(certificate.getIssuerX500Principal().getName());
    }
}
