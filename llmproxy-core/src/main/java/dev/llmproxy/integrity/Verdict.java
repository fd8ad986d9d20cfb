package dev.llmproxy.integrity;

import dev.llmproxy.dialect.Rule;
import dev.llmproxy.fault.Evidence;
import dev.llmproxy.fault.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a check says of an answer. Immutable. A reason stands in exceptions, events and logs: it should say what is wrong in
 * words of the application's own, and quote nothing of the answer.
 */
public final class Verdict {
    private static final int LONGEST_REASON = 200;
    private static final int MOST_EVIDENCE = 8;
    private static final Verdict ACCEPTED = new Verdict(Rule.ANSWER_CHECK, Rule.Severity.INFO, "", List.of());

    private final Rule rule;
    private final Rule.Severity severity;
    private final String reason;
    private final List<Evidence> evidence;

    private Verdict(Rule rule, Rule.Severity severity, String reason, List<Evidence> evidence) {
        this.rule = Objects.requireNonNull(rule, "rule");
        this.severity = severity;
        this.reason = OneLine.of(reason, LONGEST_REASON);
        this.evidence = evidence;
    }

    /**
     * Returns the verdict on a good answer.
     *
     * @return what changes nothing
     */
    public static Verdict accept() {
        return ACCEPTED;
    }

    /**
     * Returns the verdict on an answer that must not pass for a success.
     *
     * @param reason what is wrong with it; cut at 200 characters, on one line
     * @return what fails the attempt
     */
    public static Verdict reject(String reason) {
        return new Verdict(Rule.ANSWER_CHECK, Rule.Severity.ERROR, reason, List.of());
    }

    /**
     * Returns the verdict on an answer that is handed on, but that somebody should hear of.
     *
     * @param reason what is suspicious about it; cut at 200 characters, on one line
     * @return what is told by {@link dev.llmproxy.event.LlmEvent.FindingDetected}
     */
    public static Verdict warn(String reason) {
        return new Verdict(Rule.ANSWER_CHECK, Rule.Severity.WARNING, reason, List.of());
    }

    /**
     * Returns the verdict on an answer that breaks a rule of this library, whose cause it gets; for checks that come with it.
     *
     * @param rule the rule
     * @param severity how bad it is, if {@link Integrity#severity} says nothing else of the rule
     * @param reason what is wrong; cut at 200 characters, on one line
     * @return what fails the attempt if it is an error, else is told
     */
    public static Verdict breaks(Rule rule, Rule.Severity severity, String reason) {
        return new Verdict(rule, Objects.requireNonNull(severity, "severity"), reason, List.of());
    }

    /**
     * Adds what was observed; up to eight times. Of a good answer nothing is told, and this changes nothing.
     *
     * @param name what was observed
     * @param value what it was, without content of the answer
     * @return the same verdict with it
     */
    public Verdict evidence(String name, String value) {
        if (isAccepted() || evidence.size() == MOST_EVIDENCE) {
            return this;
        }
        List<Evidence> more = new ArrayList<>(evidence);
        more.add(new Evidence(name, value));
        return new Verdict(rule, severity, reason, List.copyOf(more));
    }

    @SuppressWarnings("ReferenceEquality") // there is one only
    boolean isAccepted() {
        return this == ACCEPTED;
    }

    Rule rule() {
        return rule;
    }

    Rule.Severity severity() {
        return severity;
    }

    String reason() {
        return reason;
    }

    List<Evidence> evidence() {
        return evidence;
    }

    /** Returns severity and reason. */
    @Override
    public String toString() {
        return isAccepted() ? "accepted" : severity + " " + rule + ": " + reason;
    }
}
