package dev.llmproxy.dialect;

import java.util.ArrayList;
import java.util.List;

/** Findings that wait until something has been told that says more. */
final class LaterFindings implements Findings {
    private final Findings findings;
    private final List<Runnable> waiting = new ArrayList<>();

    LaterFindings(Findings findings) {
        this.findings = findings;
    }

    @Override
    public void found(Rule rule, Rule.Severity severity, String detail) {
        waiting.add(() -> findings.found(rule, severity, detail));
    }

    @Override
    public String told(String word) {
        return findings.told(word);
    }

    /** Tells them, in their order. */
    void tell() {
        waiting.forEach(Runnable::run);
        waiting.clear();
    }

    @Override
    public String toString() {
        return waiting.size() + " waiting";
    }
}
