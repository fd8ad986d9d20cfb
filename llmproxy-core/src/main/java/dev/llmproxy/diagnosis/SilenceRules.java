package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.chain.Budget;
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
        Budget budget = budgetOf(of.evidence());
        Fault.Builder fault = silence(of, budget, of.timing().phaseNanos());
        long limit = isKept(of, budget) ? of.evidence().limit(budget) : 0;
        return limit == 0 ? fault : fault.evidence("ended by", "limit " + budget.setting() + " = " + Units.time(limit));
    }

    /** Returns the budget that limits silence in the phase in which an attempt failed. */
    static Budget budgetOf(AttemptEvidence evidence) {
        return switch (evidence.timing().phase()) {
            case QUEUE, DNS, CONNECT -> Budget.CONNECT;
            case TLS -> Budget.TLS;
            case SEND -> Budget.UPLOAD;
            case WAIT -> isFirstTokenFirst(evidence) ? Budget.FIRST_TOKEN : Budget.FIRST_BYTE;
            case FIRST_BYTE, FIRST_TOKEN, STREAM, END -> Budget.BETWEEN_BYTES;
        };
    }

    // The headers of a stream have to come within the time for its first token.
    private static boolean isFirstTokenFirst(AttemptEvidence evidence) {
        long limit = evidence.limit(Budget.FIRST_TOKEN);
        return limit > 0
                && limit <= evidence.limit(Budget.FIRST_BYTE)
                && limit < evidence.limit(Budget.ATTEMPT)
                && evidence.call().facts().streaming();
    }

    /** Returns the fault of a silence that a budget has cut after this time. */
    static Fault.Builder silence(Case of, Budget budget, long nanos) {
        return switch (of.timing().phase()) {
            case QUEUE, DNS, CONNECT -> connect(of, nanos);
            case TLS -> handshake(of, nanos);
            case SEND -> upload(of, nanos);
            case WAIT -> AnswerSilence.beforeFirst(of, budget, nanos);
            case FIRST_BYTE, FIRST_TOKEN, STREAM, END ->
                budget == Budget.FIRST_TOKEN || budget == Budget.FIRST_BYTE
                        ? AnswerSilence.beforeFirst(of, budget, nanos)
                        : AnswerSilence.within(of, budget, nanos);
        };
    }

    private static Fault.Builder connect(Case of, long nanos) {
        Fault.Builder fault = of.evidence()
                .connection()
                .proxy()
                .map(proxy -> overProxy(of, proxy, nanos))
                .orElseGet(() -> direct(of, nanos));
        return fault.remedy(
                "if it is known to be slow, allow it",
                "Timeouts.connect(" + setting(2 * limit(of, Budget.CONNECT, nanos)) + ")");
    }

    private static Fault.Builder overProxy(Case of, String proxy, long nanos) {
        return Fault.builder(FaultCause.CONNECT_TIMEOUT)
                .confidence(0.85)
                .summary("the " + proxy + " on the way to " + of.host() + " made no connection within "
                        + Units.time(nanos))
                .ruledOut("the provider's answer: the request has not been sent")
                .remedy("check whether the proxy runs, and whether it can reach " + of.host());
    }

    private static Fault.Builder direct(Case of, long nanos) {
        return Fault.builder(FaultCause.CONNECT_TIMEOUT)
                .confidence(0.95)
                .summary("no answer to the TCP connect to " + of.host() + " within " + Units.time(nanos))
                .ruledOut("a closed port: that answers at once (connection.refused)")
                .remedy("check host and port of the base URL, and whether a firewall drops the packets")
                .remedy("if the network needs a proxy, set it in the HTTP client");
    }

    private static boolean isKept(Case of, Budget budget) {
        return budget != Budget.TLS || of.evidence().client().keepsTlsBudget();
    }

    private static Fault.Builder handshake(Case of, long nanos) {
        Fault.Builder fault = stalledHandshake(of, nanos);
        if (isKept(of, Budget.TLS)) {
            return fault.remedy(
                    "if it is known to be slow, allow it",
                    "Timeouts.tls(" + setting(2 * limit(of, Budget.TLS, nanos)) + ")");
        }
        return fault.evidence(
                        "budget for TLS",
                        "not kept (" + Units.time(of.evidence().limit(Budget.TLS))
                                + "): the client has a SocketFactory of its own")
                .remedy(
                        "leave out the client's own SocketFactory: then a handshake may take Timeouts.tls() and no longer");
    }

    private static Fault.Builder stalledHandshake(Case of, long nanos) {
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
                        + Units.bytes(of.request().bytesSent()) + " for " + Units.time(nanos))
                .ruledOut("a slow model: the request had not been sent whole")
                .remedy("send a smaller request (images and files above all), or look at the way up")
                .remedy(
                        "allow longer silence while sending",
                        "Timeouts.upload(" + setting(2 * limit(of, Budget.UPLOAD, nanos)) + ")");
    }

    static long limit(Case of, Budget budget, long otherwise) {
        long limit = of.evidence().limit(budget);
        return limit > 0 ? limit : otherwise;
    }

    /** Returns a duration as a setting takes it, in whole tenths of a second at least. */
    static String setting(long nanos) {
        long millis = Math.max(100, Duration.ofNanos(nanos).toMillis());
        return Duration.ofMillis(millis - millis % 100).toString();
    }
}
