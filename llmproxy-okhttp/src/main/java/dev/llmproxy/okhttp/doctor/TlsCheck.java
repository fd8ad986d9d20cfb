package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import okhttp3.Handshake;
import okhttp3.TlsVersion;

/** The TLS handshake: who is there, until when, and whether somebody opens the traffic in between. */
final class TlsCheck extends NetworkCheck {
    private static final long SOON_DAYS = 14;

    TlsCheck() {
        super(Step.TLS);
    }

    @Override
    public String name() {
        return "tls";
    }

    @Override
    CompletableFuture<Void> milestone(Milestones of) {
        return of.securing();
    }

    @Override
    Finding judge(Visit visit, Milestones milestones) {
        Handshake handshake = milestones.handshake();
        if (handshake == null) {
            return Finding.skip(name(), "the base URL is plain http");
        }
        String spoken = handshake.tlsVersion().javaName() + ", "
                + (milestones.protocol() == null ? "no protocol agreed" : milestones.protocol()) + ", in "
                + milestones.tls().toMillis() + " ms";
        return handshake.peerCertificates().isEmpty()
                        || !(handshake.peerCertificates().get(0) instanceof X509Certificate certificate)
                ? Finding.ok(name(), spoken)
                : judge(
                        certificate,
                        handshake.tlsVersion(),
                        spoken,
                        visit.ticker().now());
    }

    Finding judge(X509Certificate certificate, TlsVersion version, String spoken, Instant now) {
        String issuer = certificate.getIssuerX500Principal().getName();
        long days = Duration.between(now, certificate.getNotAfter().toInstant()).toDays();
        Optional<String> inspector = Inspection.in(issuer);
        if (inspector.isPresent()) {
            return Finding.warn(name(), "the traffic is opened on its way: the issuer's name has " + inspector.get())
                    .evidence("issuer", issuer)
                    .action("have the provider's host excepted from TLS inspection: it buffers streams and cuts them")
                    .action("the key and every prompt can be read there");
        }
        if (days < SOON_DAYS) {
            return Finding.warn(name(), "the certificate ends in " + days + " days")
                    .evidence("issuer", issuer)
                    .action("have it renewed");
        }
        return version == TlsVersion.TLS_1_0 || version == TlsVersion.TLS_1_1
                ? Finding.warn(name(), version.javaName() + " is broken")
                        .action("look for a proxy in between: no provider speaks it any more")
                : Finding.ok(name(), spoken + ", certificate of " + issuer + ", " + days + " days left");
    }

    // Who issued it is not known, for the handshake failed. It tells what to do.
    @Override
    Finding failure(Visit visit, Exchange exchange) throws InterruptedException {
        Answer answer = exchange.answer();
        Finding finding = failure(name(), answer);
        Fault fault = answer.fault();
        InetSocketAddress address = exchange.milestones().address();
        boolean direct = exchange.milestones().proxy().type() == Proxy.Type.DIRECT;
        if (fault == null || fault.cause() != FaultCause.CERTIFICATE_UNTRUSTED || address == null || !direct) {
            return finding;
        }
        int millis = (int) visit.patient().checkLimit().dividedBy(3).toMillis();
        return CertificateLook.at(address, visit.base().host(), Math.max(1, millis))
                .map(certificate -> seen(finding, certificate))
                .orElse(finding);
    }

    private static Finding seen(Finding finding, X509Certificate certificate) {
        String issuer = certificate.getIssuerX500Principal().getName();
        Finding told = finding.evidence("issuer", issuer)
                .evidence("subject", certificate.getSubjectX500Principal().getName());
        return Inspection.in(issuer)
                .map(name -> told.first("this network inspects TLS (" + name
                        + "): import its authority into the trust store of the JVM (keytool -importcert)"))
                .orElse(told);
    }
}
