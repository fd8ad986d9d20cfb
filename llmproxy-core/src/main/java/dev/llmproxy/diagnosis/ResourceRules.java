package dev.llmproxy.diagnosis;

import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something of this process or its machine is used up: file descriptors, local ports, threads, heap. Told by the class of
 * the exception together with how much is in use; a message only where both leave it open.
 */
final class ResourceRules {
    private static final double CERTAIN = 0.95;
    private static final double LIKELY = 0.85;
    private static final double UNSEEN = 0.7;
    private static final double DOUBTFUL = 0.6;
    private static final double MANY_PORTS = 0.8;

    private ResourceRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        OutOfMemoryError noMemory = of.thrown(OutOfMemoryError.class);
        if (noMemory != null) {
            return Exhausted.judge(of, noMemory);
        }
        // Whatever is opened for a connection is opened before its handshake.
        if (of.answer().status() != 0 || of.timing().phase().compareTo(Phase.CONNECT) > 0) {
            return null;
        }
        if (isForbidden(of)) {
            return null;
        }
        return of.threw(BindException.class) ? ports(of) : descriptors(of);
    }

    /** Says whether the system of this machine did not let the process connect. */
    static boolean isForbidden(Case of) {
        SocketException thrown = of.thrown(SocketException.class);
        return thrown != null && (says(thrown, "permission denied") || says(thrown, "operation not permitted"));
    }

    private static Fault.Builder ports(Case of) {
        Gauge ports = of.vitals().ports();
        boolean isFull = ports.part() >= MANY_PORTS;
        Fault.Builder fault = Fault.builder(FaultCause.PORTS)
                .confidence(isFull ? CERTAIN : ports.isKnown() ? DOUBTFUL : UNSEEN)
                .summary("this machine had no local port for a connection to " + of.host())
                .ruledOut("the provider: no packet was sent")
                .remedy("keep connections alive instead of opening new ones: share one client, close responses");
        if (ports.isKnown()) {
            fault.evidence("local ports taken", ports);
        }
        return isFull
                ? fault.remedy("allow more of them: sysctl net.ipv4.ip_local_port_range")
                : fault.remedy("if few are taken, look at the local address that the client binds to");
    }

    private static Fault.@Nullable Builder descriptors(Case of) {
        Gauge descriptors = of.vitals().descriptors();
        double confidence = confidence(of, descriptors);
        if (confidence == 0) {
            return null;
        }
        Fault.Builder fault = Fault.builder(FaultCause.FILE_DESCRIPTORS)
                .confidence(confidence)
                .summary("no file descriptor was left for a connection to " + of.host())
                .evidence("file descriptors open", descriptors)
                .ruledOut("the provider: no packet was sent")
                .remedy("look for what is opened and never closed: responses, files, a client for each call");
        return descriptors.isKnown()
                ? fault.remedy("allow more open files (ulimit -n, LimitNOFILE): " + 4 * descriptors.max()
                        + " instead of " + descriptors.max())
                : fault.remedy("allow more open files (ulimit -n, LimitNOFILE)");
    }

    private static double confidence(Case of, Gauge descriptors) {
        SocketException noSocket = of.thrown(SocketException.class);
        boolean isKernelsAnswer = noSocket instanceof ConnectException || noSocket instanceof NoRouteToHostException;
        if (isKernelsAnswer || (noSocket == null && !of.threw(UnknownHostException.class))) {
            return 0;
        }
        if (descriptors.isNearlyUsedUp()) {
            // A resolver that cannot open its own files says that the name is unknown.
            return noSocket == null ? LIKELY : CERTAIN;
        }
        // It may be the machine that has none left, and not this process.
        return noSocket != null && says(noSocket, "too many open files") ? DOUBTFUL : 0;
    }

    static boolean says(Throwable thrown, String words) {
        String message = thrown.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains(words);
    }
}
