package dev.llmproxy.integrity;

/**
 * A check of the application's own. It runs when an answer has come whole: before it is handed over where it is a plain
 * one, at its end where it is a stream. Called on the thread of the call; an exception that it throws is logged, and
 * accepts.
 */
@FunctionalInterface
public interface Check {
    /**
     * Judges an answer.
     *
     * @param answer the answer
     * @return the verdict
     */
    Verdict check(Answer answer);
}
