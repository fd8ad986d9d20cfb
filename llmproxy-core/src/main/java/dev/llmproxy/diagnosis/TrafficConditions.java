package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.ClientFacts;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Explains what is seen in many calls and fails none of them: connections that are not reused, loss, leaks, storms. */
final class TrafficConditions {
    private TrafficConditions() {}

    static Fault churn(String place, Reuse.Churn seen, Optional<ClientFacts.Load> load) {
        Fault.Builder fault = Fault.builder(FaultCause.CONNECTION_CHURN)
                .confidence(0.85)
                .where(place)
                .summary("nearly every call to " + place + " opens a new connection: only " + seen.reused() + " of "
                        + seen.expected() + " that came right after another reused one")
                .evidence("could have reused a connection", seen.expected())
                .evidence("reused one", seen.reused())
                .evidence("opened one", seen.opened())
                .evidence("answers that this side ended early", seen.cutOff())
                .evidence("responses never closed", seen.leaked());
        load.ifPresent(now -> fault.evidence(
                "connections of the client", now.connections() + " open, " + now.idle() + " of them idle"));
        fault.ruledOut("first calls, rare calls and bursts: they are not counted");
        if (seen.leaked() > 0) {
            fault.remedy("close every response, for instance with try-with-resources");
        }
        if (2 * seen.cutOff() >= seen.expected()) {
            return fault.remedy(
                            "read answers to their end: one that is ended early takes its HTTP/1.1 connection along")
                    .remedy("speak HTTP/2, where only the stream ends")
                    .build();
        }
        return fault.remedy(
                        "share one client and its connection pool among all calls: each new client begins with none")
                .remedy("look for a server or proxy that closes after each answer (Connection: close)")
                .build();
    }

    static Fault retransmits(String place, int count, long took, long usual) {
        return Fault.builder(FaultCause.CONNECT_RETRANSMITS)
                .confidence(0.7)
                .where(place)
                .summary("a TCP connect to " + place + " took " + Units.time(took)
                        + ": its first packet had to be sent " + (count + 1) + " times")
                .evidence("connect", Units.time(took))
                .evidence("usual connect", Units.time(usual))
                .evidence("sent again", count + " times: after 1 s, and twice as long each time")
                .ruledOut(
                        "a slow provider: the kernel of the other side answers a connect, and not after whole seconds")
                .remedy("look for packet loss on the way, or a server whose queue of connects is full (ss -ti, mtr)")
                .remedy("keep connections open, so that fewer calls have to connect")
                .build();
    }

    static Fault leak(String place, Duration age) {
        return Fault.builder(FaultCause.RESPONSE_LEAK)
                .where(place)
                .summary("the application drops responses of " + place + " without closing them")
                .evidence("the last one was dropped after at most", Units.time(age.toNanos()))
                .ruledOut("a slow reader: nothing holds the response any more")
                .remedy("close every response, for instance with try-with-resources")
                .build();
    }

    static Fault storm(String place, Amplification.Counts counts, String layer, String remedy) {
        return Fault.builder(FaultCause.RETRY_STORM)
                .confidence(0.95)
                .where(place)
                .summary(String.format(
                        Locale.ROOT,
                        "retries at several layers multiply: %.1f requests were sent to %s for one call",
                        counts.factor(),
                        place))
                .evidence("requests of the last minute", counts.sent())
                .evidence("calls of the application", counts.calls() - counts.repeats())
                .evidence("calls that only repeat one", counts.repeats())
                .evidence("another layer that repeats", layer)
                .mayHaveBilled(true)
                .remedy(remedy)
                .build();
    }
}
