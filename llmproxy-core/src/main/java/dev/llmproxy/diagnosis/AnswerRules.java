package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.BrokenAnswerException;
import dev.llmproxy.fault.Fault;
import org.jspecify.annotations.Nullable;

/** Answers that were found broken while they were read: whoever looked at them knows the cause. */
final class AnswerRules {
    private AnswerRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        return of.evidence().failure().orElse(null) instanceof BrokenAnswerException broken ? broken.fault() : null;
    }
}
