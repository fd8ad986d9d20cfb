package dev.llmproxy.diagnosis;

import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.EOFException;
import java.net.SocketException;
import java.net.UnknownServiceException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** The TLS handshake failed. */
final class TlsRules {
    private static final List<String> CLIENT_CERTIFICATE_ALERTS = List.of(
            "certificate_required",
            "bad_certificate",
            "unknown_ca",
            "certificate_unknown",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "access_denied");

    // One class for names and pins: only OkHttp's text tells them apart.
    private static final String PINS = "certificate pinning failure";

    private TlsRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        if (of.answer().status() != 0 || !of.isBeforeAnswer()) {
            return null;
        }
        if (of.threw(CertificateExpiredException.class)) {
            return expired(of);
        }
        if (of.threw(CertificateNotYetValidException.class)) {
            return notYetValid(of);
        }
        SSLPeerUnverifiedException unverified = of.thrown(SSLPeerUnverifiedException.class);
        if (unverified != null) {
            return ResourceRules.says(unverified, PINS) ? otherPins(of) : otherHost(of);
        }
        if (of.threw(UnknownServiceException.class)) {
            return of.evidence().origin().scheme().equals("http") ? plainForbidden(of) : nothingInCommon(of);
        }
        if (of.threw(CertPathBuilderException.class) || of.threw(CertificateException.class)) {
            return untrusted(of);
        }
        SSLException failure = of.thrown(SSLException.class);
        if (failure != null) {
            return protocol(of, failure);
        }
        boolean hungUp =
                of.timing().phase() == Phase.TLS && (of.threw(SocketException.class) || of.threw(EOFException.class));
        return hungUp ? hungUp(of) : null;
    }

    private static Fault.Builder hungUp(Case of) {
        return Fault.builder(FaultCause.TLS_PROTOCOL)
                .confidence(0.6)
                .summary(of.host() + " hung up in the TLS handshake without saying why")
                .ruledOut("a closed port: the TCP connection was open")
                .remedy("check protocols and ciphers on both sides (connectionSpecs of the client)")
                .remedy("check whether " + of.host() + " demands a client certificate")
                .remedy("look for a firewall that cuts TLS by host name");
    }

    private static Fault.Builder expired(Case of) {
        return Fault.builder(FaultCause.CERTIFICATE_EXPIRED)
                .confidence(0.97)
                .summary("the certificate of " + of.host() + " is past its date")
                .remedy("tell the provider; meanwhile use another deployment")
                .remedy("if every certificate seems to be past its date, check the clock of this machine");
    }

    private static Fault.Builder notYetValid(Case of) {
        return Fault.builder(FaultCause.CERTIFICATE_NOT_YET_VALID)
                .confidence(0.9)
                .summary("the certificate of " + of.host() + " is valid only from a later time on")
                .remedy("check the clock of this machine");
    }

    private static Fault.Builder otherHost(Case of) {
        return Fault.builder(FaultCause.CERTIFICATE_HOST_MISMATCH)
                .confidence(0.95)
                .summary("the certificate that was shown does not name " + of.host())
                .remedy("check the host of the base URL")
                .remedy("look for a captive portal or a proxy that answers in its place");
    }

    private static Fault.Builder otherPins(Case of) {
        Fault.Builder fault = Fault.builder(FaultCause.CERTIFICATE_UNTRUSTED)
                .confidence(0.95)
                .summary("no certificate that " + of.host() + " has shown is one that this client is pinned to");
        of.evidence().connection().issuer().ifPresent(issuer -> fault.evidence("issuer", issuer));
        return fault.ruledOut("the certificate's date, name and authority: they were accepted")
                .remedy("compare the pins with the provider's certificates of today (certificatePinner of the client)")
                .remedy("look for a network that inspects TLS with an authority of its own");
    }

    // Before anything is sent, by OkHttp itself.
    private static Fault.Builder plainForbidden(Case of) {
        return Fault.builder(FaultCause.PLAINTEXT_REFUSED)
                .confidence(0.95)
                .summary("the URL of " + of.host() + " is one of plain HTTP, which this client does not speak")
                .ruledOut("the server: nothing was sent to it")
                .remedy("use https in the base URL")
                .remedy("for a server on this machine, add ConnectionSpec.CLEARTEXT to the client's connectionSpecs");
    }

    private static Fault.Builder nothingInCommon(Case of) {
        return Fault.builder(FaultCause.TLS_PROTOCOL)
                .confidence(0.9)
                .summary("the settings of this client leave no way to speak TLS with " + of.host())
                .ruledOut("the server: nothing of the handshake was sent to it")
                .remedy("allow TLS 1.2 and 1.3 (connectionSpecs and protocols of the client)")
                .remedy("compare them with what this JVM allows (jdk.tls.disabledAlgorithms)");
    }

    private static Fault.Builder untrusted(Case of) {
        Fault.Builder fault = Fault.builder(FaultCause.CERTIFICATE_UNTRUSTED)
                .confidence(0.95)
                .summary("the certificate of " + of.host() + " was issued by nobody whom this JVM trusts");
        of.evidence().connection().issuer().ifPresent(issuer -> fault.evidence("issuer", issuer));
        return fault.remedy("if the network inspects TLS, import its authority into the trust store of the JVM (keytool"
                        + " -importcert)")
                .remedy("for a private server, give the HTTP client a trust manager with its authority");
    }

    private static Fault.Builder protocol(Case of, SSLException failure) {
        String alert = alertIn(failure);
        if (CLIENT_CERTIFICATE_ALERTS.contains(alert)) {
            return Fault.builder(FaultCause.CLIENT_CERTIFICATE)
                    .confidence(0.9)
                    .summary(of.host() + " refused the client's certificate, or demands one")
                    .evidence("TLS alert", alert)
                    .remedy("give the HTTP client a key manager with the certificate that " + of.host() + " expects");
        }
        Fault.Builder fault = Fault.builder(FaultCause.TLS_PROTOCOL)
                .confidence(failure instanceof SSLHandshakeException ? 0.85 : 0.7)
                .summary(of.host() + " and this JVM found no common way to speak TLS");
        if (!alert.isEmpty()) {
            fault.evidence("TLS alert", alert);
        }
        if (alert.equals("handshake_failure")) {
            // In TLS 1.2 a server says so, too, that misses a certificate of the client.
            fault.remedy("check whether " + of.host() + " demands a client certificate");
        } else {
            fault.ruledOut("the certificate: it was not judged")
                    .remedy("check that the port speaks TLS: http and https are easily mixed up");
        }
        return fault.remedy("check protocols and ciphers on both sides (connectionSpecs of the client)");
    }

    // The alert is a field of the protocol (RFC 8446, section 6), and JSSE hands it on in its text only.
    private static String alertIn(SSLException failure) {
        String text = String.valueOf(failure.getMessage());
        int colon = text.indexOf("alert: ");
        return colon < 0 ? "" : text.substring(colon + "alert: ".length()).trim();
    }
}
