package dev.llmproxy.diagnosis;

import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The host was not reached: no address, no route, nobody listening. */
final class ReachRules {
    private static final long TOGETHER_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int HOSTS_TOGETHER = 3;

    private ReachRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        if (of.answer().status() != 0 || of.timing().phase().compareTo(Phase.TLS) > 0) {
            return null;
        }
        if (of.evidence().proxyAskedForCredentials()
                || of.evidence().connection().viaProxy()) {
            return ProxyRules.judge(of);
        }
        Fault.Builder fault = own(of);
        if (fault == null) {
            return null;
        }
        long now = of.timing().failedAt();
        of.population().unreachable(of.host(), now);
        return areAllUnreachable(of, now) ? localNetwork(of, now) : fault;
    }

    private static Fault.@Nullable Builder own(Case of) {
        if (of.threw(UnknownHostException.class)) {
            return of.population().hasAnswered(of.host()) ? resolver(of) : unknownHost(of);
        }
        if (of.threw(NoRouteToHostException.class)) {
            return unreachable(of, 0.95);
        }
        if (of.threw(ConnectException.class)) {
            return refused(of);
        }
        if (of.timing().phase() != Phase.CONNECT || !of.threw(SocketException.class)) {
            return null;
        }
        // The kernel's other answers to a connect: no network, network down.
        return ResourceRules.isForbidden(of) ? forbidden(of) : unreachable(of, 0.75);
    }

    private static Fault.Builder unknownHost(Case of) {
        return Fault.builder(FaultCause.HOST_UNKNOWN)
                .confidence(0.9)
                .summary("the name " + of.host() + " does not resolve to an address")
                .ruledOut("a slow resolver: it answered after "
                        + Units.time(of.timing().phaseNanos()))
                .remedy("check the host of the base URL for a slip")
                .remedy("if only your network knows the name, check VPN and resolver");
    }

    private static Fault.Builder resolver(Case of) {
        return Fault.builder(FaultCause.DNS_UNAVAILABLE)
                .confidence(0.9)
                .summary("the resolver failed for " + of.host() + ", which this process has reached before")
                .ruledOut("a slip in the name: it has worked")
                .remedy("look at the resolvers of this machine (/etc/resolv.conf) and the way to them");
    }

    private static Fault.Builder refused(Case of) {
        return Fault.builder(FaultCause.REFUSED)
                .confidence(0.95)
                .summary("nothing listens at " + of.evidence().origin())
                .ruledOut("the network: the host answered, and said no")
                .remedy("check the port of the base URL, and whether the server runs");
    }

    private static Fault.Builder unreachable(Case of, double confidence) {
        return Fault.builder(FaultCause.UNREACHABLE)
                .confidence(confidence)
                .summary("there is no route to " + of.host())
                .ruledOut("the server: no packet came that far")
                .remedy("check the network of this machine: interface, VPN, routes, IPv6 without a way out");
    }

    private static Fault.Builder forbidden(Case of) {
        return Fault.builder(FaultCause.UNREACHABLE)
                .confidence(0.9)
                .summary("the system of this machine does not let this process connect to " + of.host())
                .ruledOut("the server: no packet was sent")
                .remedy("look at what filters connections that go out: firewall rules, the network policy of the"
                        + " container, SELinux or AppArmor");
    }

    private static boolean areAllUnreachable(Case of, long now) {
        return of.population().unreachableSince(now - TOGETHER_NANOS) >= HOSTS_TOGETHER
                && !of.population().hasAnsweredSince(now - TOGETHER_NANOS);
    }

    private static Fault.Builder localNetwork(Case of, long now) {
        int hosts = of.population().unreachableSince(now - TOGETHER_NANOS);
        return Fault.builder(FaultCause.LOCAL_NETWORK)
                .confidence(0.8)
                .summary("unrelated hosts became unreachable together, " + of.host() + " among them")
                .evidence("hosts unreachable within 10 s", hosts)
                .ruledOut("the provider: others failed with it, and nobody answered")
                .remedy("check the network of this machine: cable, VPN, resolver, firewall");
    }
}
