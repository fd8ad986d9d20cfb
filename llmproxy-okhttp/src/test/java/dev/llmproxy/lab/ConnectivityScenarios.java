package dev.llmproxy.lab;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.okhttp.OwnSockets;
import dev.llmproxy.testing.DeadAddress;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.Tls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.List;

/** Calls that do not get through, or whose connection breaks. */
final class ConnectivityScenarios {
    private ConnectivityScenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.of(FaultCause.HOST_UNKNOWN, "the name does not exist", ConnectivityScenarios::unknownHost)
                        .at("the client's Dns"),
                Scenario.of(
                                FaultCause.DNS_UNAVAILABLE,
                                "the resolver fails for a known name",
                                ConnectivityScenarios::dnsFails)
                        .at("the client's Dns"),
                Scenario.of(FaultCause.REFUSED, "nothing listens", ConnectivityScenarios::refused),
                Scenario.of(FaultCause.UNREACHABLE, "no route", ConnectivityScenarios::unreachable)
                        .at("the client's SocketFactory"),
                Scenario.of(FaultCause.STALE_POOLED, "the pooled connection is dead", ConnectivityScenarios::stale),
                Scenario.of(FaultCause.CLOSED_BEFORE_ANSWER, "closed after the request", ConnectivityScenarios::closed),
                Scenario.of(FaultCause.RESET_BEFORE_ANSWER, "reset after the request", ConnectivityScenarios::reset),
                Scenario.of(
                        FaultCause.RESET_MID_ANSWER, "reset inside the answer", ConnectivityScenarios::resetInAnswer),
                Scenario.of(
                        FaultCause.PROXY_REFUSED, "the HTTP proxy refuses the tunnel", ConnectivityScenarios::proxy),
                Scenario.of(
                        FaultCause.BLOCKED_BY_EDGE,
                        "a firewall's page",
                        trial -> Refusal.meet(trial, FaultCause.BLOCKED_BY_EDGE)),
                Scenario.of(
                                FaultCause.LOCAL_NETWORK,
                                "unrelated hosts fail together",
                                ConnectivityScenarios::localNetwork)
                        .at("the client's Dns"),
                Scenario.of(FaultCause.CERTIFICATE_EXPIRED, "an old certificate", trial -> tls(trial, Tls.expired())),
                Scenario.of(
                        FaultCause.CERTIFICATE_NOT_YET_VALID,
                        "one from the future",
                        trial -> tls(trial, Tls.notYetValid())),
                Scenario.of(
                        FaultCause.CERTIFICATE_HOST_MISMATCH,
                        "another host's certificate",
                        trial -> tls(trial, Tls.wrongHost())),
                Scenario.of(
                        FaultCause.CERTIFICATE_UNTRUSTED, "an unknown issuer", trial -> tls(trial, Tls.selfSigned())),
                Scenario.of(
                        FaultCause.TLS_PROTOCOL,
                        "an old protocol",
                        trial -> tls(trial, Tls.trusted().protocols("TLSv1.1"))),
                Scenario.of(
                        FaultCause.CLIENT_CERTIFICATE,
                        "a client certificate is demanded",
                        trial -> tls(
                                trial,
                                Tls.trusted().demandingClientCertificate().protocols("TLSv1.3"))));
    }

    private static void unknownHost(Trial trial) {
        trial.http(http -> http.dns(name -> {
            throw new UnknownHostException(name);
        }));
        trial.call(trial.api()
                .request("https://nowhere" + trial.random().nextInt(99) + ".example", trial.streaming(), "Why?"));
    }

    private static void dnsFails(Trial trial) {
        boolean[] down = {false};
        trial.http(http -> http.dns(name -> {
            if (down[0]) {
                throw new UnknownHostException(name);
            }
            return List.of(InetAddress.getLoopbackAddress());
        }));
        trial.plainProvider().always(trial.healthy().header("Connection", "close"));
        String base = "http://known.example:" + trial.provider().port();
        for (int i = 0; i <= trial.random().nextInt(3); i++) {
            trial.call(trial.api().request(base, trial.streaming(), "Why?"));
        }
        down[0] = true;
        trial.client().connectionPool().evictAll();
        trial.call(trial.api().request(base, trial.streaming(), "Why?"));
    }

    private static void refused(Trial trial) {
        trial.call(trial.api().request(trial.closing(DeadAddress.refusing()).url(), trial.streaming(), "Why?"));
    }

    // What the kernel says where no network is: it cannot be taken away from a test.
    private static void unreachable(Trial trial) {
        trial.http(
                http -> http.socketFactory(OwnSockets.refusing(() -> new NoRouteToHostException("No route to host"))));
        trial.call(trial.api().request("http://127.0.0.1:9", trial.streaming(), "Why?"));
    }

    private static void stale(Trial trial) {
        trial.plainProvider().enqueue(trial.measured().onNextRequest().reset());
        trial.provider().always(trial.measured());
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
    }

    private static void closed(Trial trial) {
        trial.meet(trial.healthy()
                .afterRequest()
                .pause(trial.between(0, 80))
                .afterRequest()
                .cut());
    }

    private static void reset(Trial trial) {
        trial.plainProvider();
        trial.meet(trial.healthy()
                .afterRequest()
                .pause(trial.between(20, 80))
                .afterRequest()
                .reset());
    }

    private static void resetInAnswer(Trial trial) {
        int at = 1 + trial.random().nextInt(60);
        trial.plainProvider()
                .always(trial.measured()
                        .atByte(at)
                        .pause(trial.between(50, 150))
                        .atByte(at)
                        .reset());
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
    }

    private static void proxy(Trial trial) {
        int[] statuses = {403, 502, 503};
        trial.plainProvider().always(Reply.status(statuses[trial.random().nextInt(statuses.length)]));
        trial.http(http -> http.proxy(new Proxy(
                Proxy.Type.HTTP,
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), trial.provider().port()))));
        trial.call(trial.api().request("https://api.example.com", trial.streaming(), "Why?"));
    }

    private static void localNetwork(Trial trial) {
        trial.http(http -> http.dns(name -> {
            throw new UnknownHostException(name);
        }));
        for (String host : List.of("one", "two", "three", "four")) {
            trial.call(trial.api().request("https://" + host + ".example", trial.streaming(), "Why?"));
        }
    }

    private static void tls(Trial trial, Tls tls) {
        EchoingProvider provider = trial.provider(tls);
        provider.always(trial.healthy());
        trial.call(trial.api().request(provider.url(), trial.streaming(), "Why?"));
    }
}
