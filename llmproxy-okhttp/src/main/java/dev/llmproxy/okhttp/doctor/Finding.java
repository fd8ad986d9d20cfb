package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.OneLine;
import dev.llmproxy.fault.Remedy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one check of the doctor found. Its texts are of one line each and short, whatever a server said, and hold no key.
 *
 * @param check the name of the check, such as {@code tls}
 * @param status how it ended
 * @param summary what was found, or why the check was not made
 * @param evidence what was observed, where something is not as it should be
 * @param actions what to do about it, the cheapest first
 * @param fault the diagnosis, where a request of the doctor failed: the same that a call of the application would get
 */
public record Finding(
        String check,
        Status status,
        String summary,
        List<String> evidence,
        List<String> actions,
        Optional<Fault> fault) {
    private static final int LONGEST = 400;

    /** How a check ended. */
    public enum Status {
        /** All is well. */
        OK,
        /** It works, and there is something to look at. */
        WARN,
        /** Calls will fail. */
        FAIL,
        /** The check was not made. */
        SKIP
    }

    /**
     * Makes the texts fit for one line.
     *
     * @param check the name of the check
     * @param status how it ended
     * @param summary what was found
     * @param evidence what was observed
     * @param actions what to do
     * @param fault the diagnosis
     */
    public Finding {
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(status, "status");
        summary = OneLine.of(summary, LONGEST);
        evidence = lines(evidence);
        actions = lines(actions);
        Objects.requireNonNull(fault, "fault");
    }

    private static List<String> lines(List<String> texts) {
        return texts.stream().map(text -> OneLine.of(text, LONGEST)).toList();
    }

    static Finding ok(String check, String summary) {
        return new Finding(check, Status.OK, summary, List.of(), List.of(), Optional.empty());
    }

    static Finding warn(String check, String summary) {
        return new Finding(check, Status.WARN, summary, List.of(), List.of(), Optional.empty());
    }

    static Finding fail(String check, String summary) {
        return new Finding(check, Status.FAIL, summary, List.of(), List.of(), Optional.empty());
    }

    static Finding skip(String check, String why) {
        return new Finding(check, Status.SKIP, why, List.of(), List.of(), Optional.empty());
    }

    /** Returns what a fault says. */
    static Finding of(String check, Fault fault) {
        List<String> actions = fault.remedies().stream().map(Remedy::toString).toList();
        List<String> evidence =
                fault.evidence().stream().map(item -> item.toString()).toList();
        return new Finding(check, Status.FAIL, fault.summary(), evidence, actions, Optional.of(fault));
    }

    Finding evidence(String name, Object value) {
        return new Finding(check, status, summary, plus(evidence, name + " = " + value), actions, fault);
    }

    Finding action(String action) {
        return new Finding(check, status, summary, evidence, plus(actions, action), fault);
    }

    /** Puts an action in front of the others: the cheapest is the first. */
    Finding first(String action) {
        List<String> all = new ArrayList<>(actions);
        all.add(0, action);
        return new Finding(check, status, summary, evidence, all, fault);
    }

    Finding status(Status other) {
        return new Finding(check, other, summary, evidence, actions, fault);
    }

    private static List<String> plus(List<String> texts, String text) {
        List<String> all = new ArrayList<>(texts);
        all.add(text);
        return all;
    }

    boolean is(Status wanted) {
        return status == wanted;
    }

    /** Returns the line that {@code toText} has for it. */
    @Override
    public String toString() {
        return FindingText.line(this);
    }
}
