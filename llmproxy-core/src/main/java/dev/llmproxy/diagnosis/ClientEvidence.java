package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.chain.ClientFacts;
import dev.llmproxy.chain.Connection;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import java.time.Duration;

/** Adds what the HTTP client knows to a fault, where it explains something: connection, queue, pool, name lookups. */
final class ClientEvidence {
    private static final long SHORT_NANOS = Duration.ofMillis(10).toNanos();
    private static final int SMALL_SHARE = 10;

    private ClientEvidence() {}

    static void add(AttemptEvidence evidence, Fault.Builder fault) {
        Connection connection = evidence.connection();
        connection(connection, fault);
        connection.proxy().ifPresent(proxy -> fault.evidence("by way of", proxy));
        issuer(evidence, connection, fault);
        limits(evidence, fault);
        queue(evidence, fault);
        if (evidence.failure().isEmpty() || evidence.timing().phase().compareTo(Phase.FIRST_BYTE) >= 0) {
            return;
        }
        names(evidence, fault);
        evidence.client().load().ifPresent(load -> fault.evidence("connections of the client", pool(load)));
    }

    private static void connection(Connection connection, Fault.Builder fault) {
        connection.remote().ifPresent(remote -> {
            String protocol = connection.protocol().map(p -> ", " + p).orElse("");
            String tls = connection.tls().map(t -> ", " + t).orElse("");
            String life = connection.life().map(ClientEvidence::text).orElse("");
            fault.evidence(
                    "connection", remote + protocol + tls + (connection.reused() ? ", from the pool" + life : ", new"));
        });
    }

    private static String text(Connection.Life life) {
        return ", open for " + Units.time(life.age().toNanos()) + ", idle for "
                + Units.time(life.idle().toNanos());
    }

    // A web page where none is expected may come from whoever inspects TLS in between.
    private static void issuer(AttemptEvidence evidence, Connection connection, Fault.Builder fault) {
        if (evidence.answer().headers().get("Content-Type").orElse("").startsWith("text/html")) {
            connection.issuer().ifPresent(issuer -> fault.evidence("certificate issued by", issuer));
        }
    }

    private static void limits(AttemptEvidence evidence, Fault.Builder fault) {
        long waited = evidence.timing().limitedNanos();
        if (waited >= SHORT_NANOS) {
            fault.evidence("waited for the limits set here", Units.time(waited));
        }
    }

    private static void queue(AttemptEvidence evidence, Fault.Builder fault) {
        long waited = evidence.client().queuedNanos();
        if (waited < SHORT_NANOS || waited < evidence.timing().elapsedNanos() / SMALL_SHARE) {
            return;
        }
        fault.evidence("waited in the client's queue", Units.time(waited));
        evidence.client()
                .load()
                .filter(ClientFacts.Load::isFull)
                .ifPresent(load -> fault.evidence(
                        "calls of the client",
                        load.runningThere() + " of " + load.mostThere() + " running there, " + load.queuedThere()
                                + " waiting"));
    }

    private static void names(AttemptEvidence evidence, Fault.Builder fault) {
        ClientFacts.Names names = evidence.client().names().orElse(null);
        if (names == null) {
            return;
        }
        if (!names.addresses().isEmpty()) {
            fault.evidence("the name resolved to", String.join(", ", names.addresses()));
        }
        if (names.haveMoved() || (names.addresses().isEmpty() && !names.before().isEmpty())) {
            fault.evidence(
                    "resolved before to",
                    String.join(", ", names.before()) + ", "
                            + Units.time(names.beforeAge().toNanos()) + " ago");
        }
    }

    private static String pool(ClientFacts.Load load) {
        return load.connections() + " open, " + load.idle() + " of them idle";
    }
}
