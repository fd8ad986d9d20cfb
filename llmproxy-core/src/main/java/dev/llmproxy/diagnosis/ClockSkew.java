package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.fault.Fault;
import java.time.Duration;

/** By how much the clock of this machine is wrong, where an answer tells the time. */
final class ClockSkew {
    // What signatures and tokens usually tolerate; a Date has whole seconds, and an answer takes some on its way.
    private static final Duration LARGE = Duration.ofMinutes(5);
    private static final Duration WORTH_TELLING = Duration.ofMinutes(1);

    // A date says what it likes: nanoseconds count three centuries.
    private static final Duration MOST_TOLD = Duration.ofDays(36_500);

    private ClockSkew() {}

    static boolean isLarge(AttemptEvidence evidence) {
        return isAtLeast(LARGE, evidence);
    }

    private static boolean isAtLeast(Duration skew, AttemptEvidence evidence) {
        return evidence.answer()
                .clockAhead()
                .filter(ahead -> ahead.abs().compareTo(skew) >= 0)
                .isPresent();
    }

    static Fault.Builder add(AttemptEvidence evidence, Fault.Builder fault) {
        if (isAtLeast(WORTH_TELLING, evidence)) {
            evidence.answer().clockAhead().ifPresent(ahead -> fault.evidence("clock of this machine", text(ahead)));
        }
        return fault;
    }

    private static String text(Duration ahead) {
        Duration shown = ahead.abs().compareTo(MOST_TOLD) < 0 ? ahead.abs() : MOST_TOLD;
        return Units.time(shown.toNanos()) + (ahead.isNegative() ? " behind" : " ahead of") + " the peer's";
    }
}
