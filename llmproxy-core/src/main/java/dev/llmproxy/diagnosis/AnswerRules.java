package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.BrokenAnswerException;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import org.jspecify.annotations.Nullable;

/**
 * Answers that were found broken while they were read. Whoever looked at them knows the cause, unless it is an error of
 * the provider inside a success: that is judged as if it had come with the status that it should have had.
 */
final class AnswerRules {
    private AnswerRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        if (!(of.evidence().failure().orElse(null) instanceof BrokenAnswerException broken)) {
            return null;
        }
        if (broken.error().size() == 0) {
            return broken.fault();
        }
        Fault.Builder named = StatusRules.judge(of);
        return named == null || named.build().cause() == FaultCause.UNKNOWN ? broken.fault() : named;
    }
}
