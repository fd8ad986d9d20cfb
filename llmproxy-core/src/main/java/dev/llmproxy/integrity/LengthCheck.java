package dev.llmproxy.integrity;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Rule;

/** Finds bodies of another length than they declare: HTTP/2 ends one without a look at that, and so does OkHttp. */
final class LengthCheck {
    private LengthCheck() {}

    /**
     * Judges an answer that has been read to its end.
     *
     * @param declared its length as the response has it, -1 where it has none
     * @param bytes how many have come; what was counted on the wire counts more
     */
    static void judge(Attempt attempt, long declared, long bytes, Findings findings) {
        boolean isCounted = attempt.wire().isEnded();
        long expected = isCounted ? attempt.wire().length() : declared;
        long got = isCounted ? attempt.wire().bytes() : bytes;
        if (expected >= 0 && got != expected) {
            findings.found(Rule.TRANSPORT_CONTENT_LENGTH, got + " bytes of " + expected);
        }
    }
}
