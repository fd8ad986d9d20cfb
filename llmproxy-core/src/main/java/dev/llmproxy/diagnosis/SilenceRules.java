package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The peer fell silent, and the client's limit for that phase cut it. The phase tells which silence it was. */
final class SilenceRules {
    private SilenceRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        if (!of.threw(SocketTimeoutException.class)) {
            return null;
        }
        Fault.Builder fault = silence(of, of.evidence().phaseNanos());
        Budget budget = budgetOf(of.evidence().phase());
        long limit = of.evidence().limit(budget);
        return limit == 0 ? fault : fault.evidence("ended by", "limit " + budget.setting() + " = " + Units.time(limit));
    }

    private static Budget budgetOf(Phase phase) {
        return switch (phase) {
            case QUEUE, DNS, CONNECT, TLS -> Budget.CONNECT;
            case SEND -> Budget.UPLOAD;
            case WAIT -> Budget.FIRST_BYTE;
            case FIRST_BYTE, FIRST_TOKEN, STREAM, END -> Budget.BETWEEN_BYTES;
        };
    }

    /** Returns the fault of a silence that was cut after this time. */
    static Fault.Builder silence(Case of, long nanos) {
        return switch (of.evidence().phase()) {
            case QUEUE, DNS, CONNECT -> connect(of, nanos);
            case TLS -> handshake(of, nanos);
            case SEND -> upload(of, nanos);
            case WAIT -> firstByte(of, nanos);
            case FIRST_BYTE, FIRST_TOKEN, STREAM, END -> body(of, nanos);
        };
    }

    private static Fault.Builder connect(Case of, long nanos) {
        return Fault.builder(FaultCause.CONNECT_TIMEOUT)
                .confidence(0.95)
                .summary("no answer to the TCP connect to " + of.host() + " within " + Units.time(nanos))
                .ruledOut("a closed port: that answers at once (connection.refused)")
                .remedy("check host and port of the base URL, and whether a firewall drops the packets")
                .remedy("if the network needs a proxy, set it in the HTTP client");
    }

    private static Fault.Builder handshake(Case of, long nanos) {
        return Fault.builder(FaultCause.TLS_HANDSHAKE_STALLED)
                .confidence(0.95)
                .summary(of.host() + " accepted the TCP connection and did not answer the TLS handshake within "
                        + Units.time(nanos))
                .ruledOut("an unreachable host: the TCP connection was open")
                .remedy("check that the port speaks TLS, and what stands in front of it (load balancer, inspection)");
    }

    private static Fault.Builder upload(Case of, long nanos) {
        return Fault.builder(FaultCause.UPLOAD_STALLED)
                .confidence(0.9)
                .summary(of.host() + " stopped reading the request after "
                        + Units.bytes(of.evidence().bytesSent()) + " for " + Units.time(nanos))
                .ruledOut("a slow model: the request had not been sent whole")
                .remedy("send a smaller request (images and files above all), or look at the way up")
                .remedy(
                        "allow longer silence while sending",
                        "Timeouts.upload(" + setting(2 * limit(of, Budget.UPLOAD, nanos)) + ")");
    }

    // Without a model of the usual latency the peers of the host are the only measure there is.
    private static Fault.Builder firstByte(Case of, long nanos) {
        long limit = limit(of, Budget.FIRST_BYTE, nanos);
        HostMemory peers = of.population().of(of.host());
        boolean tooShort = peers.answers() > 0 && 2 * peers.longestFirstByteNanos() >= limit;
        String waited = "no byte of the answer within " + Units.time(nanos) + " after the request was sent";
        if (tooShort) {
            long value = 2 * Math.max(limit, peers.longestFirstByteNanos());
            return Fault.builder(FaultCause.FIRST_BYTE_BUDGET_TOO_SHORT)
                    .confidence(0.8)
                    .summary(waited + "; answers of " + of.host() + " have taken up to "
                            + Units.time(peers.longestFirstByteNanos()))
                    .evidence(
                            "peers",
                            peers.answers() + " answers, first byte typically after "
                                    + Units.time(peers.typicalFirstByteNanos()))
                    .remedy("allow the first byte more time", "Timeouts.firstByte(" + setting(value) + ")")
                    .remedy("stream the answer: its first byte comes much sooner");
        }
        return Fault.builder(FaultCause.PROVIDER_HUNG)
                .confidence(peers.answers() > 0 ? 0.8 : 0.6)
                .summary(waited)
                .evidence(
                        "peers",
                        peers.answers() == 0
                                ? "no other answer of this host is known"
                                : peers.answers() + " answers, first byte typically after "
                                        + Units.time(peers.typicalFirstByteNanos()))
                .ruledOut("a lost connection: it was open, and the request had been sent whole")
                .remedy("stream the answer: then silence is noticed after seconds")
                .remedy(
                        "if this model is known to think that long, allow it",
                        "Timeouts.firstByte(" + setting(2 * limit) + ")");
    }

    private static Fault.Builder body(Case of, long nanos) {
        boolean stream = of.evidence().isStream();
        return Fault.builder(stream ? FaultCause.STREAM_STALLED : FaultCause.BODY_STALLED)
                .confidence(0.9)
                .summary("the answer stopped after " + Units.bytes(of.evidence().bytesReceived()) + " and stayed silent"
                        + " for " + Units.time(nanos))
                .ruledOut("the connection: it was still open")
                .ruledOut("the application: time between its reads does not count")
                .remedy(
                        stream
                                ? "send the call again; what had arrived is not the whole answer"
                                : "send the call again, or stream it")
                .remedy(
                        "if such pauses are usual there, allow them",
                        "Timeouts.betweenBytes(" + setting(2 * limit(of, Budget.BETWEEN_BYTES, nanos)) + ")");
    }

    private static long limit(Case of, Budget budget, long otherwise) {
        long limit = of.evidence().limit(budget);
        return limit > 0 ? limit : otherwise;
    }

    /** Returns a duration as a setting takes it, in whole tenths of a second at least. */
    static String setting(long nanos) {
        long millis = Math.max(100, Duration.ofNanos(nanos).toMillis());
        return Duration.ofMillis(millis - millis % 100).toString();
    }
}
