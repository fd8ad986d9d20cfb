package dev.llmproxy.okhttp.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the certificate of a peer that nobody trusts: who issued it is what tells an inspecting proxy from a private
 * server. The handshake is broken off as soon as the certificate is seen; nothing is sent over it.
 */
final class CertificateLook {
    private CertificateLook() {}

    /**
     * Returns the certificate that is shown there for a host; empty where none could be seen within the time, however slowly
     * the peer answers.
     */
    static Optional<X509Certificate> at(InetSocketAddress address, String host, int timeoutMillis)
            throws InterruptedException {
        AtomicReference<@Nullable X509Certificate> seen = new AtomicReference<>();
        try (Socket plain = new Socket()) {
            plain.connect(address, timeoutMillis);
            Thread looking = new Thread(() -> look(plain, host, new Onlooker(seen)), "llmproxy-doctor");
            looking.setDaemon(true);
            looking.start();
            looking.join(timeoutMillis);
        } catch (IOException e) {
            // There is nobody to look at.
        }
        return Optional.ofNullable(seen.get());
    }

    // Ends with the socket at the latest.
    private static void look(Socket plain, String host, Onlooker onlooker) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {onlooker}, null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
            name(host, socket);
            socket.startHandshake();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            // The onlooker refuses whatever it sees.
        }
    }

    private static void name(String host, SSLSocket socket) {
        if (Character.isLetter(host.charAt(host.length() - 1))) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
        }
    }

    /** Trusts nobody, and remembers whom. */
    private static final class Onlooker extends X509ExtendedTrustManager {
        private final AtomicReference<@Nullable X509Certificate> seen;

        Onlooker(AtomicReference<@Nullable X509Certificate> seen) {
            this.seen = seen;
        }

        private void look(X509Certificate[] chain) throws CertificateException {
            seen.set(chain[0]);
            throw new CertificateException("seen");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            look(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            look(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            look(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            look(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            look(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            look(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
