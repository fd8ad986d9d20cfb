package dev.llmproxy.diagnosis;

import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The way to the host leads over a proxy, and the proxy was not reached, or refused. */
final class ProxyRules {
    private static final List<String> REASONS = List.of(
            "not allowed by ruleset", "network unreachable", "host unreachable", "connection refused", "ttl expired");

    private static final String NOT_THE_PROVIDER = "the provider: the call did not get that far";

    private ProxyRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        if (of.evidence().proxyAskedForCredentials()) {
            return credentials(of);
        }
        String proxy = of.evidence().connection().proxy().orElse("proxy");
        if (of.timing().phase() == Phase.DNS && of.threw(UnknownHostException.class)) {
            return unknownName(of, proxy);
        }
        if (of.threw(NoRouteToHostException.class)) {
            return notReached(of, proxy, FaultCause.UNREACHABLE).confidence(0.95);
        }
        if (of.threw(ConnectException.class)) {
            return notReached(of, proxy, FaultCause.REFUSED).confidence(0.95);
        }
        if (of.timing().phase() != Phase.CONNECT) {
            return null;
        }
        return proxy.startsWith("SOCKS") ? socks(of, proxy) : tunnelRefused(of, proxy);
    }

    private static Fault.Builder credentials(Case of) {
        return Fault.builder(FaultCause.PROXY_AUTHENTICATION)
                .confidence(0.97)
                .summary("the HTTP proxy on the way to " + of.host() + " demands credentials (407)")
                .ruledOut(NOT_THE_PROVIDER)
                .remedy("set proxyAuthenticator on the HTTP client");
    }

    private static Fault.Builder unknownName(Case of, String proxy) {
        return Fault.builder(FaultCause.HOST_UNKNOWN)
                .confidence(0.9)
                .summary("the name of the " + proxy + ", on the way to " + of.host()
                        + ", does not resolve to an address")
                .ruledOut("the base URL: its host was not looked up")
                .remedy("check the proxy that is set on the HTTP client, or by https.proxyHost for the whole JVM")
                .remedy("if only your network knows the name, check VPN and resolver");
    }

    private static Fault.Builder notReached(Case of, String proxy, FaultCause cause) {
        return Fault.builder(cause)
                .summary((cause == FaultCause.REFUSED ? "nothing listens at the " : "there is no route to the ") + proxy
                        + ", which is on the way to " + of.host())
                .ruledOut(NOT_THE_PROVIDER)
                .remedy("check the proxy that is set on the HTTP client, or by https.proxyHost for the whole JVM")
                .remedy("look whether the proxy runs");
    }

    private static Fault.Builder tunnelRefused(Case of, String proxy) {
        return Fault.builder(FaultCause.PROXY_REFUSED)
                .confidence(0.85)
                .summary("the " + proxy + " on the way to " + of.host() + " refused the tunnel")
                .ruledOut(NOT_THE_PROVIDER)
                .remedy("let the proxy's owner allow CONNECT to " + of.host());
    }

    // What the proxy answers (RFC 1928, section 6) the JDK tells by its text only, which begins with the protocol's
    // name.
    private static Fault.Builder socks(Case of, String proxy) {
        SocketException thrown = of.thrown(SocketException.class);
        if (thrown == null) {
            return noSocks(of, proxy);
        }
        String said = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
        if (!said.startsWith("socks")) {
            boolean isRefused = said.contains("connection refused");
            return notReached(of, proxy, isRefused ? FaultCause.REFUSED : FaultCause.UNREACHABLE)
                    .confidence(0.8);
        }
        if (said.contains("authentication failed") || said.contains("acceptable method")) {
            return socksCredentials(of, proxy);
        }
        Fault.Builder fault = Fault.builder(FaultCause.PROXY_REFUSED)
                .confidence(0.85)
                .summary("the " + proxy + " made no connection to " + of.host())
                .ruledOut("the way to the proxy: it has answered")
                .remedy("ask the proxy's owner whether " + of.host() + " may be reached, and can be from there");
        for (String reason : REASONS) {
            if (said.contains(reason)) {
                fault.evidence("the proxy says", reason);
            }
        }
        return fault;
    }

    private static Fault.Builder noSocks(Case of, String proxy) {
        return Fault.builder(FaultCause.PROXY_REFUSED)
                .confidence(0.6)
                .summary("what answers as " + proxy + ", on the way to " + of.host() + ", does not speak SOCKS 5")
                .ruledOut(NOT_THE_PROVIDER)
                .remedy("check the type of the proxy: Proxy.Type.HTTP if it is one for HTTP");
    }

    private static Fault.Builder socksCredentials(Case of, String proxy) {
        return Fault.builder(FaultCause.PROXY_AUTHENTICATION)
                .confidence(0.9)
                .summary("the " + proxy + " on the way to " + of.host() + " wants credentials, or others than it got")
                .ruledOut(NOT_THE_PROVIDER)
                .remedy("set them for the JVM: java.net.Authenticator.setDefault");
    }
}
