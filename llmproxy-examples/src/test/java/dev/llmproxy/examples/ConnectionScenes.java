package dev.llmproxy.examples;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.DeadAddress;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.testing.Tls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Connections that are not made, or break. */
final class ConnectionScenes extends FaultScene {
    @Reproduces(FaultCause.HOST_UNKNOWN)
    void theNameIsUnknown() {
        client.dns(name -> {
            throw new UnknownHostException(name);
        });
        ask(chat("Why?").url("http://api.opnai.example" + PATH));
    }

    @Reproduces(FaultCause.DNS_UNAVAILABLE)
    void theResolverFailsForANameThatWorked() {
        AtomicBoolean down = new AtomicBoolean();
        client.dns(name -> {
            if (down.get()) {
                throw new UnknownHostException(name);
            }
            return List.of(InetAddress.getLoopbackAddress());
        });
        provider.enqueue(Replies.chat("Hello").header("Connection", "close"));
        String url = "http://known.example:" + provider.port() + PATH;
        ask(chat("Why?").url(url));
        down.set(true);
        ask(chat("Why?").url(url));
    }

    @Reproduces(FaultCause.REFUSED)
    void nobodyListens() {
        try (DeadAddress refusing = DeadAddress.refusing()) {
            ask(chat("Why?").url(refusing.url(PATH)));
        }
    }

    @Reproduces(FaultCause.STALE_POOLED)
    void thePooledConnectionIsDead() {
        provider.enqueue(Replies.chat("Hello").onNextRequest().reset(), Replies.chat("Hello"));
        ask();
        ask();
    }

    @Reproduces(FaultCause.CLOSED_BEFORE_ANSWER)
    void theServerCloses() {
        provider.enqueue(Reply.none().afterRequest().cut());
        ask();
    }

    @Reproduces(FaultCause.RESET_BEFORE_ANSWER)
    void theServerResets() {
        provider.enqueue(Reply.none().afterRequest().reset());
        ask();
    }

    @Reproduces(FaultCause.RESET_MID_ANSWER)
    void theServerResetsInItsAnswer() {
        Duration untilItIsRead = Duration.ofMillis(100);
        provider.enqueue(
                Replies.chat("Hello").atByte(20).pause(untilItIsRead).atByte(20).reset());
        ask();
    }

    @Reproduces(FaultCause.PROXY_REFUSED)
    void theHttpProxyRefusesTheTunnel() {
        provider.always(Reply.status(403));
        goThroughProvider();
        ask(chat("Why?").url("https://llm.example" + PATH));
    }

    @Reproduces(FaultCause.BLOCKED_BY_EDGE)
    void aFirewallAnswers() {
        provider.enqueue(Reply.status(403)
                .header("Content-Type", "text/html")
                .body("<html><head><title>Access denied</title></head><body>Policy 17</body></html>"));
        ask();
    }

    @Reproduces(FaultCause.LOCAL_NETWORK)
    void unrelatedHostsFailTogether() {
        client.dns(name -> {
            throw new UnknownHostException(name);
        });
        ask(chat("Why?").url("https://one.example" + PATH));
        ask(chat("Why?").url("https://two.example" + PATH));
        ask(chat("Why?").url("https://three.example" + PATH));
    }

    @Reproduces(FaultCause.CERTIFICATE_EXPIRED)
    void theCertificateIsPastItsDate() {
        trustTestCertificates();
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.expired())) {
            ask(chat("Why?").url(secure.url(PATH)));
        }
    }

    @Reproduces(FaultCause.CERTIFICATE_NOT_YET_VALID)
    void theCertificateIsFromTheFuture() {
        trustTestCertificates();
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.notYetValid())) {
            ask(chat("Why?").url(secure.url(PATH)));
        }
    }

    @Reproduces(FaultCause.CERTIFICATE_HOST_MISMATCH)
    void theCertificateNamesAnotherHost() {
        trustTestCertificates();
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.wrongHost())) {
            ask(chat("Why?").url(secure.url(PATH)));
        }
    }

    @Reproduces(FaultCause.CERTIFICATE_UNTRUSTED)
    void theCertificateIsSignedByNobody() {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.selfSigned())) {
            ask(chat("Why?").url(secure.url(PATH)));
        }
    }

    @Reproduces(FaultCause.TLS_PROTOCOL)
    void noVersionOfTlsIsCommon() {
        trustTestCertificates();
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.trusted().protocols("TLSv1.1"))) {
            ask(chat("Why?").url(secure.url(PATH)));
        }
    }

    @Reproduces(FaultCause.CLIENT_CERTIFICATE)
    void aCertificateOfTheClientIsDemanded() {
        trustTestCertificates();
        Tls demanding = Tls.trusted().demandingClientCertificate().protocols("TLSv1.3");
        try (ScriptedProvider secure = ScriptedProvider.startTls(demanding)) {
            ask(chat("Why?").url(secure.url(PATH)));
        }
    }
}
