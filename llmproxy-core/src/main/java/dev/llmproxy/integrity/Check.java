package dev.llmproxy.integrity;

/**
 * Looks at a whole answer and says whether it is good enough for the application. Runs on the thread that reads the answer,
 * for several calls at once, so it should be quick and has to be thread-safe.
 */
@FunctionalInterface
public interface Check {
    /**
     * Judges an answer. What this throws is logged and told as a finding, and the answer is taken for accepted.
     *
     * @param answer the answer; not to be used once this has returned
     * @return what is to be done with it
     */
    Verdict judge(Answer answer);
}
