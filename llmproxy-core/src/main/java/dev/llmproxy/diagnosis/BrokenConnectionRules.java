package dev.llmproxy.diagnosis;

import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection that was open broke: before the answer, or in it. */
final class BrokenConnectionRules {
    // A dead connection answers its first bytes at once; a server that thinks first was alive.
    private static final long AT_ONCE_NANOS = Duration.ofSeconds(1).toNanos();

    private static final String END_OF_STREAM = "unexpected end of stream";

    private BrokenConnectionRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        if (of.answer().status() != 0 || !of.threw(IOException.class)) {
            return null;
        }
        if (of.request().bodyFailed()) {
            return ownBody(of);
        }
        String code = of.answer().streamError().orElse("");
        Fault.Builder refused = of.timing().reached(Phase.FIRST_BYTE) ? null : unprocessed(of, code);
        if (refused != null) {
            return refused;
        }
        if (isUnanswered(of, code)) {
            return unanswered(of);
        }
        return switch (of.timing().phase()) {
            case SEND, WAIT -> beforeAnswer(of, code);
            case FIRST_BYTE, FIRST_TOKEN, STREAM, END -> inAnswer(of, code);
            case QUEUE, DNS, CONNECT, TLS -> null;
        };
    }

    // Of a stream that was answered no code can say so.
    private static Fault.@Nullable Builder unprocessed(Case of, String code) {
        return switch (code) {
            case "GOAWAY", "ENHANCE_YOUR_CALM" -> drained(of, code);
            case "REFUSED_STREAM" -> refusedStream(of);
            default -> null;
        };
    }

    private static Fault.Builder refusedStream(Case of) {
        return Fault.builder(FaultCause.HTTP2_REFUSED)
                .confidence(0.97)
                .summary(of.host() + " refused the HTTP/2 stream before it processed anything")
                .evidence("HTTP/2 code", "REFUSED_STREAM")
                .ruledOut("a billed call: the protocol says that nothing was processed (RFC 9113, 8.7)")
                .remedy("send the call again");
    }

    private static Fault.Builder drained(Case of, String code) {
        return Fault.builder(FaultCause.CONNECTION_DRAINED)
                .confidence(0.9)
                .summary(of.host() + (code.equals("GOAWAY") ? " is closing this connection" : " asks for calm"))
                .evidence("HTTP/2 code", code)
                .remedy("send the call again: it gets another connection");
    }

    // OkHttp gives up a connection whose peer has not answered a ping as if the peer had broken the protocol: then
    // nothing has come for that long.
    private static boolean isUnanswered(Case of, String code) {
        long ping = of.evidence().client().pingNanos();
        boolean isWaiting = of.timing().phase().compareTo(Phase.SEND) >= 0;
        long silent = of.timing().reached(Phase.FIRST_BYTE)
                ? of.timing().silentNanos()
                : of.timing().phaseNanos();
        return code.equals("PROTOCOL_ERROR") && isWaiting && ping > 0 && silent >= ping;
    }

    private static Fault.Builder unanswered(Case of) {
        boolean isAnswering = of.timing().reached(Phase.FIRST_BYTE);
        return Fault.builder(isAnswering ? FaultCause.RESET_MID_ANSWER : FaultCause.RESET_BEFORE_ANSWER)
                .confidence(0.8)
                .summary(
                        "the connection to " + of.host() + " was dead: no ping was answered, and this client closed it")
                .evidence("pings every", Units.time(of.evidence().client().pingNanos()))
                .ruledOut("a reset by " + of.host() + ": nothing had come from it")
                .remedy("send the call again if paying twice is acceptable: it gets another connection")
                .remedy("look at what forgets connections in between: NAT, VPN, firewall, a load balancer that moved");
    }

    private static Fault.@Nullable Builder beforeAnswer(Case of, String code) {
        boolean reset = of.threw(SocketException.class) || !code.isEmpty();
        if (of.threw(ProtocolException.class) && !reset) {
            return notHttp(of);
        }
        if (of.evidence().connection().reused() && of.timing().phaseNanos() < AT_ONCE_NANOS && code.isEmpty()) {
            return stalePooled(of);
        }
        Fault.Builder fault = Fault.builder(reset ? FaultCause.RESET_BEFORE_ANSWER : FaultCause.CLOSED_BEFORE_ANSWER)
                .confidence(0.85)
                .summary(of.host() + (reset ? " reset" : " closed") + " the connection "
                        + Units.time(of.timing().phaseNanos()) + " after "
                        + (of.timing().phase() == Phase.SEND ? "it began to take" : "it had taken") + " the request")
                .ruledOut("a pooled connection that was already dead");
        if (!code.isEmpty()) {
            fault.evidence("HTTP/2 code", code);
        }
        if (code.equals("HTTP_1_1_REQUIRED")) {
            fault.remedy(
                    "speak HTTP/1.1 with " + of.host() + ", as it demands",
                    "OkHttpClient.Builder.protocols(List.of(Protocol.HTTP_1_1))");
        }
        return fault.remedy("send the call again if paying twice is acceptable: the provider may have begun")
                .remedy("if it happens at a constant age, something in between cuts: look at its timeouts");
    }

    private static Fault.Builder stalePooled(Case of) {
        Fault.Builder fault = Fault.builder(FaultCause.STALE_POOLED)
                .confidence(0.85)
                .summary("a pooled connection to " + of.host() + " turned out to be dead when it was used again")
                .evidence("failed after", Units.time(of.timing().phaseNanos()) + " of use")
                .ruledOut("a failing provider: it has most likely not seen the request");
        long idle = of.evidence()
                .connection()
                .life()
                .map(life -> life.idle().toSeconds())
                .orElse(0L);
        String action = "keep idle connections for a shorter time than the server does (connectionPool of the client)";
        // The server gave up somewhere within that time.
        return idle < 2
                ? fault.remedy(action)
                : fault.remedy(
                        action,
                        "OkHttpClient.Builder.connectionPool(new ConnectionPool(5, " + idle / 2
                                + ", TimeUnit.SECONDS))");
    }

    private static Fault.Builder notHttp(Case of) {
        return Fault.builder(FaultCause.BAD_HTTP_FRAMING)
                .confidence(0.85)
                .summary("what " + of.host() + " sent is not an HTTP answer")
                .remedy("check that the port of the base URL speaks HTTP; where it speaks TLS, use https");
    }

    private static Fault.Builder inAnswer(Case of, String code) {
        boolean reset = of.threw(SocketException.class) || !code.isEmpty();
        if (reset) {
            return resetInAnswer(of, code);
        }
        if (of.answer().wire().didDecodingFail()) {
            return undecodable(of);
        }
        long declared =
                Math.max(of.answer().declaredLength(), of.answer().wire().length());
        if (declared > arrived(of) && of.threw(ProtocolException.class)) {
            return cutShort(of, FaultCause.TRUNCATED_BODY, 0.95).evidence("declared length", Units.bytes(declared));
        }
        if (of.answer().chunked() && isMalformed(of)) {
            return Fault.builder(FaultCause.BAD_HTTP_FRAMING)
                    .confidence(0.85)
                    .summary("the chunks of the answer of " + of.host() + " are malformed after "
                            + Units.bytes(arrived(of)))
                    .ruledOut("a cut connection: it would have ended inside of a chunk")
                    .remedy("send the call again if it may cost twice")
                    .remedy("look for a proxy in between that writes chunks of its own");
        }
        if (of.answer().chunked() && (of.threw(EOFException.class) || of.threw(ProtocolException.class))) {
            return cutShort(of, FaultCause.TRUNCATED_CHUNKS, 0.8).evidence("framing", "chunks, the last one missing");
        }
        boolean isBeforeBody = arrived(of) == 0 && declared <= 0;
        return isBeforeBody && of.threw(ProtocolException.class) ? badHead(of) : unknown(of);
    }

    private static Fault.Builder badHead(Case of) {
        return Fault.builder(FaultCause.BAD_HTTP_FRAMING)
                .confidence(0.85)
                .summary("the headers of the answer of " + of.host() + " are not what HTTP allows")
                .ruledOut("a cut connection: the headers have come, to their end")
                .remedy("send the call again if it may cost twice")
                .remedy("look for a proxy in between that writes headers of its own");
    }

    // The one message that is read: OkHttp has the same class for chunks that end too early and for sizes that are no
    // numbers, and nothing but this constant tells them apart.
    private static boolean isMalformed(Case of) {
        ProtocolException thrown = of.thrown(ProtocolException.class);
        return thrown != null && !END_OF_STREAM.equals(thrown.getMessage());
    }

    // Of a compressed body the wire has another length than what comes out of it.
    private static long arrived(Case of) {
        return of.answer().wire().isEncoded()
                ? of.answer().wire().bytes()
                : of.answer().bytesReceived();
    }

    // The wire has ended as it says, or goes on: it is what came over it that does not decode.
    private static Fault.Builder undecodable(Case of) {
        long declared = of.answer().wire().length();
        long arrived = of.answer().wire().bytes();
        if (declared > arrived && of.threw(EOFException.class)) {
            return cutShort(of, FaultCause.TRUNCATED_BODY, 0.95).evidence("declared length", Units.bytes(declared));
        }
        return Fault.builder(FaultCause.BAD_COMPRESSION)
                .confidence(0.9)
                .summary("the compressed answer of " + of.host() + " does not decode")
                .evidence("on the wire", Units.bytes(arrived))
                .ruledOut("a cut connection: it brought what its framing says")
                .remedy("send the call again if paying twice is acceptable")
                .remedy("look for a proxy in between that changes or cuts bodies")
                .remedy("ask for answers without compression: Accept-Encoding: identity");
    }

    private static Fault.Builder resetInAnswer(Case of, String code) {
        Fault.Builder fault = Fault.builder(FaultCause.RESET_MID_ANSWER)
                .confidence(0.9)
                .summary(of.host() + " reset the connection after "
                        + Units.bytes(of.answer().bytesReceived()) + " of the answer");
        if (!code.isEmpty()) {
            fault.evidence("HTTP/2 code", code);
        }
        return fault.ruledOut("a timer of this side: none had fired")
                .remedy("send the call again if paying twice is acceptable")
                .remedy("if it happens at a constant age, something in between cuts: look at its timeouts");
    }

    private static Fault.Builder cutShort(Case of, FaultCause cause, double confidence) {
        return Fault.builder(cause)
                .confidence(confidence)
                .summary("the answer of " + of.host() + " was cut off after "
                        + Units.bytes(of.answer().bytesReceived()))
                .ruledOut("a timer of this side: none had fired")
                .remedy("send the call again if paying twice is acceptable")
                .remedy("if it happens often, look at what stands in between (proxy, gateway)");
    }

    private static Fault.Builder unknown(Case of) {
        return Fault.builder(FaultCause.UNKNOWN)
                .confidence(0.3)
                .summary("the answer of " + of.host() + " broke after "
                        + Units.bytes(of.answer().bytesReceived()))
                .remedy("send the call again if paying twice is acceptable")
                .remedy("report it with this evidence");
    }

    private static Fault.Builder ownBody(Case of) {
        return Fault.builder(FaultCause.UNKNOWN)
                .confidence(0.4)
                .summary("the application's request body failed after "
                        + Units.bytes(of.request().bytesSent()) + " had been taken from it")
                .ruledOut("the network: it took what it was given")
                .remedy("look at what the request body is read from");
    }
}
