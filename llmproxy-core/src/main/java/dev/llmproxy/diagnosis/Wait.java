package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Usual;
import dev.llmproxy.event.Phase;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A wait that was cut because it took too long.
 *
 * @param time from its beginning to its end
 * @param limitNanos how long it was allowed to take, or 0
 * @param usuallyNanos how long it takes at the most in 99 of 100 cases, or 0 where that is not known
 */
record Wait(Span time, long limitNanos, long usuallyNanos) {
    /** Returns the wait that ended an attempt, or null where it was none. */
    static @Nullable Wait of(Case of) {
        AttemptEvidence evidence = of.evidence();
        Ending ending = evidence.ending().orElse(null);
        boolean isCut = ending == null
                ? of.threw(SocketTimeoutException.class)
                : ending.budget().isPresent();
        if (evidence.answer().status() != 0 || !isCut) {
            return null;
        }
        Budget budget = ending == null
                ? SilenceRules.budgetOf(evidence)
                : ending.budget().orElseThrow();
        long limit = ending == null ? evidence.limit(budget) : ending.limitNanos();
        long end = evidence.timing().failedAt();
        return new Wait(new Span(end - nanos(evidence, budget, limit), end), limit, usually(evidence, budget));
    }

    private static long nanos(AttemptEvidence evidence, Budget budget, long limit) {
        return switch (budget) {
            case ATTEMPT, CALL, DEADLINE, CLIENT_CALL -> evidence.timing().elapsedNanos();
            case DNS, CONNECT, TLS, BETWEEN_BYTES -> silence(evidence);
            // It may have come just then.
            case FIRST_BYTE ->
                evidence.timing().reached(Phase.FIRST_BYTE)
                        ? evidence.timing().nanosSince(Phase.WAIT)
                        : silence(evidence);
            // The server may have taken something meanwhile.
            case UPLOAD ->
                limit == 0
                        ? evidence.timing().phaseNanos()
                        : Math.min(limit, evidence.timing().phaseNanos());
            // Bytes may have come, but no payload.
            case FIRST_TOKEN, BETWEEN_TOKENS -> Math.max(limit, silence(evidence));
        };
    }

    private static long silence(AttemptEvidence evidence) {
        return evidence.timing().phase().compareTo(Phase.FIRST_BYTE) < 0
                ? evidence.timing().phaseNanos()
                : evidence.timing().silentNanos();
    }

    private static long usually(AttemptEvidence evidence, Budget budget) {
        Usual usual = evidence.usual();
        if (!usual.isKnown()) {
            return 0;
        }
        return switch (budget) {
            case FIRST_BYTE, FIRST_TOKEN -> usual.firstHigh();
            case ATTEMPT, CALL, DEADLINE, CLIENT_CALL ->
                evidence.timing().reached(Phase.FIRST_TOKEN) ? 0 : usual.firstHigh();
            case BETWEEN_BYTES, BETWEEN_TOKENS -> usual.gapHigh();
            case DNS, CONNECT, TLS, UPLOAD -> 0;
        };
    }

    /** Returns by how much the limit was exceeded. */
    long overNanos() {
        return limitNanos == 0 ? 0 : Math.max(0, time.nanos() - limitNanos);
    }
}
