package dev.llmproxy.dialect;

/** Takes what is found wrong with an answer while it passes, or with a request before it is sent. */
@FunctionalInterface
public interface Findings {
    /**
     * Called for each finding.
     *
     * @param rule what is wrong
     * @param severity how bad it is here, unless a setting says something else
     * @param detail where and how much: numbers and words of the wire format, never content
     */
    void found(Rule rule, Rule.Severity severity, String detail);

    /**
     * Tells a finding that is as bad as its rule says.
     *
     * @param rule what is wrong
     * @param detail where and how much
     */
    default void found(Rule rule, String detail) {
        found(rule, rule.severity(), detail);
    }

    /**
     * Returns what a detail may tell of a word that is in no list: an answer may have put anything in its place.
     *
     * @param word the word
     * @return the word, or three asterisks where it is none of the provider's own
     */
    default String told(String word) {
        return word;
    }
}
