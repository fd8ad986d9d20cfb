package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Usual;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The client cut a silence that was none: this process did not run, and what was waited for may have lain in the socket.
 * A limit that fires late shows it, and so does a wait that is short without the pause.
 */
final class PauseRules {
    private static final long SHORTEST_NANOS = Duration.ofMillis(200).toNanos();
    private static final int LATE_PART = 5;
    private static final double PAUSED_PART = 0.3;

    private PauseRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        AttemptEvidence evidence = of.evidence();
        long paused = evidence.timing().pausedNanos();
        if (paused < SHORTEST_NANOS || !of.threw(SocketTimeoutException.class) || isCallOver(evidence)) {
            return null;
        }
        long waited = of.isBeforeAnswer()
                ? evidence.timing().phaseNanos()
                : evidence.timing().silentNanos();
        long limit = limit(evidence);
        long late = waited - limit;
        if (limit > 0 && late >= Math.max(SHORTEST_NANOS, limit / LATE_PART)) {
            return frozen(of, paused, limit).confidence(0.9).evidence("limit fired late by", Units.time(late));
        }
        Usual usual = evidence.usual();
        if (usual.isKnown() && paused >= PAUSED_PART * waited && waited - paused < usual.firstHigh()) {
            return frozen(of, paused, limit).confidence(0.8);
        }
        return null;
    }

    // The end of the call is the application's own, pause or not.
    private static boolean isCallOver(AttemptEvidence evidence) {
        Budget budget = evidence.ending().flatMap(Ending::budget).orElse(null);
        return budget == Budget.CALL || budget == Budget.DEADLINE || budget == Budget.CLIENT_CALL;
    }

    private static long limit(AttemptEvidence evidence) {
        return evidence.ending()
                .map(Ending::limitNanos)
                .orElseGet(() -> evidence.limit(SilenceRules.budgetOf(evidence)));
    }

    private static Fault.Builder frozen(Case of, long paused, long limit) {
        return Fault.builder(FaultCause.PROCESS_FROZEN)
                .summary("this process stood still for at least " + Units.time(paused) + " while it waited for "
                        + of.host() + ", and the limit of " + Units.time(limit) + " ran out meanwhile")
                .evidence("stood still", Units.time(paused))
                .ruledOut("the provider: its answer may have lain in the socket")
                .remedy("send the call again: nothing is known to be wrong with " + of.host())
                .remedy("look at what stops this process: garbage collection, CPU limits, a container that is paused");
    }
}
