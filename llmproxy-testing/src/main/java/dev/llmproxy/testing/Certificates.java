package dev.llmproxy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificates that come with this module, read once, because deriving keys from the password takes its time. */
final class Certificates {
    private static final char[] PASSWORD = "testing".toCharArray();
    private static final Certificates LOADED = new Certificates();

    private final X509ExtendedKeyManager keys;
    private final X509TrustManager trust;

    private Certificates() {
        try (InputStream in = Certificates.class.getResourceAsStream("certificates.p12")) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            KeyManagerFactory keyFactory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyFactory.init(store, PASSWORD);
            keys = only(X509ExtendedKeyManager.class, keyFactory.getKeyManagers());
            trust = trustIn(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JVM cannot read the certificates of llmproxy-testing", e);
        }
    }

    private static X509TrustManager trustIn(KeyStore store) throws GeneralSecurityException, IOException {
        // The store itself would be trusted whole: an entry with a key is an authority, too.
        KeyStore authority = KeyStore.getInstance("PKCS12");
        authority.load(null, null);
        authority.setCertificateEntry("authority", store.getCertificate("authority"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authority);
        return only(X509TrustManager.class, factory.getTrustManagers());
    }

    private static <T> T only(Class<T> type, Object[] managers) {
        return Stream.of(managers)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    static X509TrustManager trust() {
        return LOADED.trust;
    }

    /** Returns a new context without earlier sessions, so that every handshake is a whole one. */
    static SSLContext context(@Nullable String alias) {
        try {
            KeyManager[] own = alias == null ? new KeyManager[0] : new KeyManager[] {new FixedKey(LOADED.keys, alias)};
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, new TrustManager[] {LOADED.trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot do TLS", e);
        }
    }
}
